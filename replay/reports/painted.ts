import { styleText } from 'node:util';
import type { Line, Tone } from './line.ts';
import { visible } from './visible.ts';

/** A line as a terminal gets it, in colours where it shows them. Nothing else in it is anything that a terminal obeys. */
export function painted({ tone, text }: Line, isColoured: boolean): string {
  const style = isColoured ? STYLES[tone] : undefined;
  return style === undefined ? visible(text) : styleText(style, visible(text), { validateStream: false });
}

const STYLES: { readonly [tone in Tone]?: Parameters<typeof styleText>[0] } = {
  title: 'bold',
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  aside: 'dim',
};

/** What a line is to those who see colours. */
export type Tone = 'plain' | 'title' | 'good' | 'bad' | 'warning' | 'aside';

/** A line of a report, without its end. */
export interface Line {
  readonly tone: Tone;
  readonly text: string;
}

/** A line like any other. */
export function plainLine(text: string): Line {
  return { tone: 'plain', text };
}

/** One that stands out, or back. */
export function tonedLine(tone: Tone, text: string): Line {
  return { tone, text };
}

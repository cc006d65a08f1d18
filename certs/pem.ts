/** The blocks of a PEM text as they stand there, damaged ones too; what is before the first is left out. */
export function pemBlocks(text: string): string[] {
  return text.split(/(?=-----BEGIN )/).filter((block) => block.startsWith('-----BEGIN '));
}

/** What the documents show of cases, in their order: the command line, its exit code, and what it prints among else. */
export const REPLAY_COMMANDS: readonly [line: string, code: number, printed: RegExp][] = [
  [
    'npm run -s portcullis -- new rule team-label --kind Deployment --folder my-rules',
    0,
    /^ {2}my-rules\/team-label\.ts\n[\s\S]*3 of 3 cases pass/m,
  ],
  ['npm run -s portcullis -- replay cases', 0, /3 of 3 cases passed/],
  ['npm run -s portcullis -- replay cases --update', 0, /4 of 4 cases passed/],
  ['npm run -s portcullis -- replay cases --format junit --output replay.xml', 0, /4 of 4 cases passed/],
];

/** The same of cases that are there. */
export const OWN_CASES_COMMANDS: typeof REPLAY_COMMANDS = [
  ['npm run -s portcullis -- replay test/cases', 0, /(\d{3}) of \1 cases passed/],
  ['npm run -s portcullis -- replay examples/cases --rules examples/rules', 0, /(\d{2}) of \1 cases passed/],
];

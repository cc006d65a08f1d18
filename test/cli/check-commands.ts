/** What the README shows of checking manifests, in its order: the command line, its exit code, and what it prints among else. */
export const CHECK_COMMANDS: readonly [line: string, code: number, printed: RegExp][] = [
  ['npm run -s portcullis -- check ./deploy --rules ./my-rules', 1, /^2 objects: 1 refused, 1 admitted/m],
  ['helm template ./web | npm run -s portcullis -- check - -n prod --diff', 0, /^\+ {4}- name: git-sync$/m],
  [
    'npm run -s portcullis -- check ./deploy --from ./deployed --cluster ./namespaces.yaml',
    0,
    /^3 objects: all admitted/m,
  ],
];

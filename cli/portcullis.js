#!/usr/bin/env node
// Plain JavaScript without imports or top-level await, so that any Node that has modules can say what is missing.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `portcullis needs Node 24 or later, and this is Node ${process.versions.node}.\n` +
      'In a project: npm install --save-dev node@24, and start it from an npm script or with npx.\n' +
      'In a checkout of Portcullis: npm ci brings Node 24, and npm start runs it.',
  );
  process.exitCode = 2;
} else {
  run().catch(crashed);
}

async function run() {
  const { existsSync } = await import('node:fs');
  // A checkout runs its sources; a package is built, since Node strips no types under node_modules.
  const source = new URL('./main.ts', import.meta.url);
  const { main } = await import(existsSync(source) ? source : new URL('../dist/cli/main.js', import.meta.url));
  // Whoever reads the output may have had enough of it, as `head` does.
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const code = await main(process.argv.slice(2));
  // A rule file may have left a timer, a failed start a socket: the end is not theirs to put off. What was said is out first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

/** What a person can mend is told by main(), without a stack. */
function crashed(error) {
  const stack = error instanceof Error ? error.stack : String(error);
  const text = `portcullis: ${stack}\nThis is a mistake of Portcullis itself: please report it, with the lines above.\n`;
  process.stderr.write(text, () => process.exit(1));
}

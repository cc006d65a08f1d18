/** How this program was called, for the commands that it tells people to enter next: by npm's script, by npx, or by its name. */
export function ownCommand({ npm_lifecycle_event: script, npm_command: command } = process.env): string {
  if (script === 'portcullis') return 'npm run -s portcullis --';
  return command === 'exec' ? 'npx portcullis' : 'portcullis';
}

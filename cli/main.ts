import { nearest } from '../webhook/nearest.ts';
import { UsageError } from './usage.ts';
import { ownVersion } from './version.ts';

const HELP = `portcullis: a mutating and validating admission webhook server for Kubernetes

  portcullis serve               answer AdmissionReviews over HTTPS
  portcullis status              say how a server that runs is, and what is wrong
  portcullis new rule NAME       make a rule, with cases that prove it
  portcullis replay              try the rules on cases, without a cluster
  portcullis check MANIFESTS     say what would become of manifests that are applied
  portcullis manifests server    print all that a server in a cluster needs
  portcullis manifests webhooks  print the webhook configurations of the rules in force
  portcullis manifests crd       print the CustomResourceDefinition of Website
  portcullis certs rotate        have mode self take a new CA

  portcullis COMMAND --help      what a command takes
  portcullis --version

Settings come from flags, else PORTCULLIS_… variables, else portcullis.yaml.
`;

/** Each is imported when it is asked for, so that none waits for what another needs. */
const COMMANDS: { readonly [name: string]: (args: string[]) => Promise<number> } = {
  serve: async (args) => (await import('./serve.ts')).serve(args),
  status: async (args) => (await import('./status.ts')).status(args),
  new: async (args) => (await import('./new.ts')).newRule(args),
  replay: async (args) => (await import('./replay.ts')).replay(args),
  check: async (args) => (await import('./check.ts')).checkManifests(args),
  certs: async (args) => (await import('./certs.ts')).certs(args),
  manifests: async (args) => (await import('./manifests.ts')).manifests(args),
};

/** Runs one command line; gives the exit code: 0 done, 2 not even begun (usage, configuration, rules). */
export async function main([command, ...args]: string[]): Promise<number> {
  if (command === undefined) {
    process.stderr.write(HELP);
    return 2;
  }
  if (command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (command === '--version' || command === '-v') {
    process.stdout.write(`portcullis ${ownVersion() ?? 'of unknown version'} (Node ${process.versions.node})\n`);
    return 0;
  }
  try {
    const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
    if (run === undefined) {
      throw new UsageError(`there is no command "${command}"${nearest(command, Object.keys(COMMANDS))}`);
    }
    return await run(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`portcullis: ${error.message}\n`);
    return 2;
  }
}

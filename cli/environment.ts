import { closeTo } from '../webhook/nearest.ts';
import { type Flags, type Given, UsageError } from './usage.ts';

/** The environment of a process. */
export type Environment = { readonly [name: string]: string | undefined };

/** What was said of a command's flags, by whatever means. */
export interface Said {
  /** The last word on a flag that is given once; `by` is what a message calls it: `--port`, or its variable. */
  one(flag: string): { readonly text: string; readonly by: string } | undefined;
  /** All words on a flag that may be repeated; a variable holds them separated by commas. */
  many(flag: string): readonly string[] | undefined;
}

/**
 * A command's flags, and for those not given their environment variables: `--health-port` is PORTCULLIS_HEALTH_PORT.
 * Empty variables count as unset. Throws UsageError for a variable that is a misspelt flag: what it says would be lost.
 */
export function said(given: Given, flags: Flags, environment: Environment): Said {
  const known = new Map(Object.keys(flags).map((flag) => [variable(flag), flag]));
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || known.has(name)) continue;
    const [close] = closeTo(name, [...known.keys()]);
    if (close !== undefined) throw new UsageError(`there is no setting ${name}; did you mean ${close}?`);
  }
  const inEnvironment = (flag: string): string | undefined => {
    const text = environment[variable(flag)];
    return text === undefined || text === '' || SERVICE_LINK.test(text) ? undefined : text;
  };
  return {
    one(flag) {
      const [text] = given.flags[flag] ?? [];
      if (text !== undefined) return { text, by: `--${flag}` };
      const other = inEnvironment(flag);
      return other === undefined ? undefined : { text: other, by: variable(flag) };
    },
    many: (flag) =>
      given.flags[flag] ??
      inEnvironment(flag)
        ?.split(',')
        .filter((text) => text !== ''),
  };
}

const PREFIX = 'PORTCULLIS_';

/** Beside a Service named portcullis, the kubelet sets PORTCULLIS_PORT to its address (kubelet/envvars, makeLinkVariables). */
const SERVICE_LINK = /^(tcp|udp|sctp):\/\//;

function variable(flag: string): string {
  return `${PREFIX}${flag.toUpperCase().replaceAll('-', '_')}`;
}

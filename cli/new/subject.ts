import { Website } from '../../rules/website/website.ts';
import { apiVersionOf, type Kind } from '../../webhook/kind.ts';
import { kindFaults } from '../../webhook/kind-faults.ts';
import * as kinds from '../../webhook/kinds.ts';
import { closeTo } from '../../webhook/nearest.ts';
import { UsageError } from '../usage.ts';

/** What a new rule is for. */
export interface Subject {
  readonly kind: Kind;
  /** A rule imports it from 'portcullis'; any other is made in the rule's file. */
  readonly isImported: boolean;
  /** Nobody knows its plural and its scope here: they are as those of most kinds are. */
  readonly isGuessed: boolean;
}

const KNOWN: readonly Kind[] = Object.values(kinds);

/**
 * Finds the kind of `Pod`, `Website`, `apps/v1/Deployment`, `v1/Pod` or, unknown here, `gateway.networking.k8s.io/v1/HTTPRoute`.
 * Throws UsageError that says what would be right.
 */
export function subjectNamed(text: string): Subject {
  const known = [...KNOWN, Website].find((kind) => text === kind.kind || text === `${apiVersionOf(kind)}/${kind.kind}`);
  if (known !== undefined) return { kind: known, isImported: KNOWN.includes(known), isGuessed: false };
  const parts = text.split('/');
  if (parts.length === 1) {
    const names = [...KNOWN, Website].map(({ kind }) => kind);
    const [close] = closeTo(text, names);
    const meant = close === undefined ? `known: ${names.join(', ')}.` : `did you mean ${close}?`;
    throw new UsageError(`there is no kind "${text}"; ${meant} Any other: --kind GROUP/VERSION/KIND`);
  }
  const [kind = '', version = '', group = '', ...more] = parts.reverse();
  const token: Kind = { group, version, kind, resource: pluralOf(kind), scope: 'Namespaced' };
  const [fault] = more.length > 0 ? ['has more than a group, a version and a kind'] : kindFaults([token]);
  if (fault === undefined) return { kind: token, isImported: false, isGuessed: true };
  throw new UsageError(
    `--kind ${text}: it ${fault}; it must be GROUP/VERSION/KIND, like apps/v1/Deployment, or VERSION/KIND of the core group`,
  );
}

/** As Kubernetes guesses where it knows no better (apimachinery, pkg/api/meta/restmapper.go, UnsafeGuessKindToResource). */
function pluralOf(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

/** Its words, for a sentence and for a folder's name: `config-map`, `http-route`. */
export function wordsOf({ kind }: Kind): string {
  return kind
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

import type { Kind } from '../../webhook/kind.ts';
import { exampleObject } from './example-object.ts';
import { wordsOf } from './subject.ts';

/** A file to be made. */
export interface NewFile {
  /** Relative to wherever it belongs. */
  readonly path: string;
  readonly text: string;
}

/**
 * The cases of a new rule, as rule-source.ts makes it: one in which it acts, one in which it does not, and the one that is
 * forgotten most often. What is expected of them is not theirs to say: the engine does.
 */
export function newCases(phase: 'mutating' | 'validating', kind: Kind): NewFile[] {
  const one = /^[aeiou]/.test(wordsOf(kind)) ? `an-${wordsOf(kind)}` : `a-${wordsOf(kind)}`;
  const [without, withTeam, withOther] = [{}, { team: 'shop' }, { app: 'example' }].map((labels) =>
    exampleObject(kind, labels),
  ) as [string, string, string];
  if (phase === 'mutating') {
    return [
      { path: `adds-a-team-to-${one}-without-labels/object.yaml`, text: without },
      { path: `adds-a-team-to-${one}-that-has-other-labels/object.yaml`, text: withOther },
      { path: `leaves-${one}-alone-that-has-a-team/object.yaml`, text: withTeam },
    ];
  }
  const update = `warns-of-a-change-to-${one}-that-never-had-a-team`;
  return [
    { path: `admits-${one}-that-has-a-team/object.yaml`, text: withTeam },
    { path: `refuses-${one}-without-a-team/object.yaml`, text: without },
    { path: `${update}/object.yaml`, text: withOther },
    { path: `${update}/oldObject.yaml`, text: without },
  ];
}

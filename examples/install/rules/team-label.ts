import { allow, Deployment, deny, notSupported, required, StatefulSet, validatingRule } from 'portcullis';
import { TEAM } from './_labels.ts';

/** Whatever runs for long says whose it is: at night somebody has to be found. */
export const teamLabel = validatingRule({
  name: 'team-label',
  kind: [Deployment, StatefulSet],
  operations: ['CREATE', 'UPDATE'],
  settings: {
    type: 'object',
    required: ['teams'],
    properties: { teams: { type: 'array', items: { type: 'string' }, description: 'The teams there are.' } },
  },
  validate(workload, { settings }) {
    const team = workload.metadata.labels?.[TEAM];
    const path = `metadata.labels[${TEAM}]`;
    if (team === undefined) deny(required(path, 'name the team whose it is'));
    return settings.teams.includes(team) ? allow() : deny(notSupported(path, team, settings.teams));
  },
});

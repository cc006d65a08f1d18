import { allow, deny, Namespace, notSupported, required, validatingRule } from 'portcullis';

/** A namespace says which team it belongs to, so that somebody can be asked before it is cleaned up. */
export const namespaceTeam = validatingRule({
  name: 'namespace-team',
  kind: Namespace,
  operations: ['CREATE', 'UPDATE'],
  settings: {
    type: 'object',
    required: ['teams'],
    properties: { teams: { type: 'array', items: { type: 'string' }, description: 'The teams that there are.' } },
  },
  validate(namespace, { settings }) {
    const team = namespace.metadata.labels?.team;
    if (team === undefined) deny(required('metadata.labels.team', 'name the team that looks after this namespace'));
    if (!settings.teams.includes(team)) deny(notSupported('metadata.labels.team', team, settings.teams));
    return allow();
  },
});

/** Keys of a project: what one may do, for which models, and until when. */
export const apiKeys = {
  apiKeys: {
    models: 'Models of records:read and records:write',
    allModels: 'All models, also later ones',
    chosenModels: 'Only chosen models',
    chooseModel: 'Choose at least one model.',
    only: 'only',
    goneModel: 'deleted model',
    // By scope; a colon would mean a namespace here.
    may: {
      recordsRead: 'read, list and watch records, and fetch their files',
      recordsWrite: 'create, change and delete records',
      goalsWrite: 'count towards goals',
      runsRead: 'see what runs, and its log',
      runsControl: 'start, stop and restart',
      mcp: 'connect as a tool server (MCP)',
    },
    life: 'Expires',
    lives: {
      never: 'Never',
      month: 'In 30 days',
      quarter: 'In 90 days',
      year: 'In a year',
    },
    neverExpires: 'does not expire',
    expires: 'expires',
    expired: 'expired',
    renew: 'Make a new secret for {{name}}',
    renewTitle: 'Make a new secret for {{name}}?',
    renewHint: 'Programs that use the old one are refused from now on. Name and rights stay.',
    renewAction: 'Make a new secret',
  },
} as const

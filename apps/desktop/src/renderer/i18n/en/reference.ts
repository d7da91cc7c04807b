/** The reference of what a service may use. */
export const reference = {
  reference: {
    search: 'Search the reference',
    modules: 'Modules',
    hits: 'Found',
    hitCount_one: '{{count, number}} place',
    hitCount_other: '{{count, number}} places',
    ofPlugin: 'A module of the plugin {{name}}: services have it when it is on in the project’s settings.',
    spellings:
      'Calls of {{name}} that wait return a promise; those of ${{name}} wait themselves and return the answer.',
    declarations: 'Types',
    signature: 'How {{name}} is called',
    returns: 'Returns',
    throws: 'Throws',
  },
} as const

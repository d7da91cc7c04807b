export const moving = {
  moving: {
    export: 'Export',
    exportHint: 'The project as one file, for another agent or to stand beside itself.',
    always:
      'Code with all releases, models, views, variables, goals and settings always go along; members, API keys, links and logs do not.',
    exportAction: 'Export project',
    with: {
      records: 'Records and the trash',
      revisions: 'Revisions of records',
      files: 'Files of the storage',
      secrets: 'Values of secret variables',
    },
    withHint: {
      records: 'Without them the models come empty.',
      revisions: 'What records were, and who changed them.',
      files: 'Everything under Storage.',
      secrets:
        'Sealed with the key of this agent: only an agent that has the key takes them. Otherwise their names alone.',
    },
    import: 'Import project',
    importMenu: 'Import project…',
    importHint: 'From a file that an agent exported. The project comes whole or not at all, and stopped.',
    importAction: 'Import project',
    file: 'File (.m3m.tar.zst)',
    asExported: 'Empty: as it was exported.',
    withoutSecrets: 'Import without secret values; they have to be typed anew',
    sending: 'Sending {{done}} of {{total}}',
    goesOn: 'What has arrived is kept for a day: import the same file again, and it goes on from there.',
    takingIn: 'The agent checks it and takes it in…',
    imported: '{{name}} is imported.',
  },
} as const

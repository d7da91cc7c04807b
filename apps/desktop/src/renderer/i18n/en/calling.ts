/** How programs call the records of a model. */
export const calling = {
  calling: {
    address: 'Address',
    addressHint: 'Every call carries a key of the project: Authorization: Bearer m3m_…',
    copyAddress: 'Copy address',
    copyCode: 'Copy',
    calls: 'Calls',
    call: {
      list: 'List and filter',
      search: 'Search',
      pages: 'All, page by page',
      expand: 'With refs',
      get: 'Get one',
      aggregate: 'Figures',
      realtime: 'Realtime',
      create: 'Create',
      update: 'Update',
      match: 'Update if unchanged',
      upsert: 'Update or create',
      delete: 'Delete',
      bulk: 'Several writes',
      batch: 'Several models',
      upload: 'Create with a file',
      file: 'Get a file',
    },
    hint: {
      list: 'filter and sort are those of the table now. fields, expand, search and cursor work, too.',
      search: 'Words, in any order, in the fields that the table editor marks as searched.',
      pages:
        'A cursor goes on behind the last record, whatever was inserted meanwhile, and costs the same at any depth.',
      expand:
        'Refs up to two levels deep (owner.company), models that point here one level (model_via_field). They come under expand.',
      get: '404 when there is none. fields and expand work as in lists.',
      aggregate:
        'count, sum, avg, min and max by up to three fields, dates by hour, day, week, month or year.',
      realtime:
        'insert, update and delete by anyone, as they happen. After a break send Last-Event-ID: nothing is missed.',
      create: '422 names each field that is refused, and why.',
      update:
        'Only the given fields change. $inc, $push, $pull and other modifiers are written in place of fields.',
      match:
        'If-Match is the version that was read. Who comes too late gets 409 and the record as it is now.',
      upsert: 'Changes the first record that the filter finds, or makes one.',
      delete: 'To the trash where the model has one.',
      bulk: 'Up to 100 in their order, in one transaction where the database has them.',
      batch: 'The same over several models; each write names its model.',
      upload: 'Parts are named by the fields; field+ appends. What a form cannot say stands in @jsonPayload.',
      file: 'download=true saves it under its name; thumb=100x100 gives a small picture; link=600 gives an address for ten minutes that needs no key.',
    },
    language: 'Language',
    languages: {
      curl: 'curl',
      javascript: 'JavaScript',
      service: 'Service code',
    },
    noKey: 'A service is in the project: it needs no key.',
    scope: 'The key needs',
    keys: 'Keys of the project',
    openapi: 'OpenAPI document',
  },
} as const

import { defineErrors } from '@m3m/base'

/** What the database itself refuses, whoever asked it for what. */
export const databaseErrors = defineErrors({
  DATABASE_DISK_FULL: {
    blame: 'host',
    status: 507,
    text: (_: object) =>
      'The disk of the database is full; nothing was changed. Make room on its machine: services and reads go on, and writes work again at once.',
  },
  DATABASE_UNREACHABLE: {
    blame: 'host',
    status: 503,
    text: (_: object) =>
      'The database does not answer. What was asked for may be done or not: look, and try again in a moment. The embedded one is started again by itself; of a server of your own see that it runs.',
  },
})

import { defineErrors } from '@m3m/base'

/** Why data could not be taken out or brought in. */
export const transferErrors = defineErrors({
  BACKUP_NOTHING_THERE: {
    blame: 'user',
    status: 404,
    text: (p: { path: string }) => `There is no datastore at "${p.path}"; check the path.`,
  },
  BACKUP_EXISTS: {
    blame: 'user',
    status: 409,
    text: (p: { path: string }) => `"${p.path}" exists; give the backup a name of its own.`,
  },
  BACKUP_DIFFERS: {
    blame: 'host',
    status: 500,
    text: (p: { path: string; collection: string }) =>
      `The copy "${p.path}" differs from the datastore in "${p.collection}" and was thrown away; check the disk and try again.`,
  },
  DUMP_UNREADABLE: {
    blame: 'user',
    status: 422,
    text: (p: { file: string; reason: string }) => `"${p.file}" is no dump that can be read: ${p.reason}.`,
  },
  MIGRATE_DIFFERS: {
    blame: 'host',
    status: 500,
    text: (p: { collection: string; from: string; to: string }) =>
      `After copying, "${p.collection}" differs: ${p.from} here, ${p.to} there. Stop what writes to either side and run it again.`,
  },
})

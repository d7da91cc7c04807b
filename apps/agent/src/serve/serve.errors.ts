import { defineErrors } from '@m3m/base'

/** Why an agent does not start, or had to end. */
export const serveErrors = defineErrors({
  AGENT_RUNNING: {
    blame: 'host',
    status: 503,
    text: (p: { folder: string; pid: number }) =>
      `An agent already serves the data in ${p.folder} (process ${p.pid}). Stop that one first, or give this one ` +
      `folders of its own (M3M_HOME, or datastore.path, storage.path and logging.path).`,
  },
  AGENT_FOLDER_UNUSABLE: {
    blame: 'host',
    status: 503,
    text: (p: { key: string; folder: string; reason: string }) =>
      `The folder ${p.folder} cannot be used (${p.reason}). Make it writable for this user, or set ${p.key} in config.yaml.`,
  },
})

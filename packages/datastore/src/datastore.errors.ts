import { defineErrors } from '@m3m/base'

/** Why a datastore does not open or has ended. */
export const datastoreErrors = defineErrors({
  DATASTORE_LOCKED: {
    blame: 'host',
    status: 503,
    text: (p: { path: string; pid: number | null }) =>
      `The datastore in "${p.path}" is in use by ${p.pid === null ? 'another process' : `process ${p.pid}`}; stop that one first, or give this one a folder of its own (datastore.path).`,
  },
  DATASTORE_DAMAGED: {
    blame: 'host',
    status: 503,
    text: (p: { file: string; reason: string }) =>
      `The datastore file "${p.file}" is damaged (${p.reason}). Nothing was changed. Copy the folder aside, then restore a backup or run "m3m-agent doctor".`,
  },
  DATASTORE_TOO_NEW: {
    blame: 'host',
    status: 503,
    text: (p: { file: string; found: number; known: number }) =>
      `The datastore file "${p.file}" has format ${p.found}, this version of m3m knows ${p.known}; start the newer m3m that wrote it. Nothing was changed.`,
  },
  DATASTORE_PATH_UNUSABLE: {
    blame: 'host',
    status: 503,
    text: (p: { path: string; reason: string }) =>
      `The datastore cannot use "${p.path}": ${p.reason}. Give it a folder that this user may write (datastore.path).`,
  },
  DATASTORE_START_FAILED: {
    blame: 'host',
    status: 503,
    text: (p: { path: string; reason: string }) =>
      `The embedded datastore in "${p.path}" did not start: ${p.reason}`,
  },
  DATASTORE_GAVE_UP: {
    blame: 'host',
    status: 503,
    text: (p: { path: string; restarts: number; tail: string }) =>
      `The embedded datastore in "${p.path}" ended ${p.restarts} times within a minute and is not started again. Its last words: ${p.tail}`,
  },
  DATASTORE_UNREACHABLE: {
    blame: 'host',
    status: 503,
    text: (p: { address: string; reason: string }) =>
      `MongoDB at ${p.address} does not answer (${p.reason}); check mongodb.uri and that the server runs.`,
  },
})

import { defineErrors } from '@m3m/base'

export const recordErrors = defineErrors({
  RECORD_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { model: string; id: string }) =>
      `There is no record "${p.id}" in "${p.model}"; it may have been removed.`,
  },
  RECORD_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { model: string; problems: readonly string[] }) =>
      `The record of "${p.model}" was refused: ${p.problems.join(' ')}`,
  },
  RECORD_NOT_UNIQUE: {
    blame: 'user',
    status: 409,
    text: (p: { model: string; keys: readonly string[] }) =>
      `Another record of "${p.model}" has the same ${p.keys.join(' and ')}, which must be unique; choose another value.`,
  },
  RECORD_CHANGED: {
    blame: 'user',
    status: 409,
    text: (p: { model: string; id: string; version: number }) =>
      `Someone changed the record "${p.id}" of "${p.model}" meanwhile (it has version ${p.version}); load it again and repeat your change.`,
  },
  RECORD_BUSY: {
    blame: 'user',
    status: 409,
    text: (p: { model: string; id: string }) =>
      `The record "${p.id}" of "${p.model}" is being changed by many at once; try again.`,
  },
  RECORD_BATCH_BUSY: {
    blame: 'user',
    status: 409,
    text: (_: object) =>
      'The records of this batch are being changed by many at once, nothing was written; try again.',
  },
  RECORD_UNDONE: {
    blame: 'user',
    status: 409,
    text: (p: { write: number }) =>
      `Not kept, because write ${p.write} of the same batch was refused; mend that one and send the whole batch again.`,
  },
  RECORD_IN_USE: {
    blame: 'user',
    status: 409,
    text: (p: { model: string; id: string; by: readonly string[] }) =>
      `The record "${p.id}" of "${p.model}" is pointed at by ${p.by.join(', ')}; remove or change those first.`,
  },
  RECORD_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { model: string; sizeBytes: number; limit: number }) =>
      `A record of "${p.model}" has ${p.sizeBytes} bytes, the most is ${p.limit}; keep large things as files.`,
  },
  RECORD_LIMIT: {
    blame: 'user',
    status: 413,
    text: (p: { what: string; limit: number }) => `One call takes at most ${p.limit} ${p.what}; split it.`,
  },
  RECORD_UPDATE_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { problem: string }) => `The update was refused: ${p.problem}`,
  },
})

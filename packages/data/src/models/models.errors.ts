import { defineErrors } from '@m3m/base'

export const modelErrors = defineErrors({
  MODEL_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { model: string }) => `There is no model "${p.model}" in this project; check its slug.`,
  },
  MODEL_SLUG_TAKEN: {
    blame: 'user',
    status: 409,
    text: (p: { slug: string }) =>
      `The slug "${p.slug}" belongs to another model of this project; choose another.`,
  },
  MODEL_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { problems: readonly string[] }) => `The model was refused: ${p.problems.join(' ')}`,
  },
  MODEL_CHANGED: {
    blame: 'user',
    status: 409,
    text: (p: { model: string; version: number }) =>
      `Someone changed the model "${p.model}" meanwhile (it has version ${p.version}); load it again and repeat your change.`,
  },
  MODEL_WOULD_BREAK: {
    blame: 'user',
    status: 409,
    text: (p: { model: string; records: number; fields: readonly string[] }) =>
      `${p.records} values of "${p.model}" do not fit the changed fields (${p.fields.join(', ')}); correct those records first, a dry run shows which they are.`,
  },
  MODEL_BUSY: {
    blame: 'user',
    status: 409,
    text: (p: { model: string }) =>
      `The records of "${p.model}" are still being converted to its last change; wait until that is done.`,
  },
  MODEL_IN_USE: {
    blame: 'user',
    status: 409,
    text: (p: { model: string; by: readonly string[] }) =>
      `The model "${p.model}" is the target of ${p.by.join(', ')}; remove those fields first.`,
  },
  MODEL_LIMIT: {
    blame: 'user',
    status: 413,
    text: (p: { limit: number }) => `A project has at most ${p.limit} models; remove one first.`,
  },
})

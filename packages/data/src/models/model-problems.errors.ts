import { defineErrors } from '@m3m/base'

const refusal = { blame: 'user', status: 400 } as const

/** What can be wrong with one part of a model: MODEL_INVALID carries them by path. */
export const modelProblems = defineErrors({
  MODEL_TOO_DEEP: {
    ...refusal,
    text: (p: { limit: number }) => `It is nested deeper than ${p.limit} levels.`,
  },
  MODEL_TOO_LONG: {
    ...refusal,
    text: (p: { limit: number }) => `It has more than ${p.limit} characters.`,
  },
  MODEL_NO_TARGET: { ...refusal, text: (p: { model: string }) => `There is no model "${p.model}".` },
  MODEL_KEY_TWICE: { ...refusal, text: (p: { key: string }) => `The key "${p.key}" is there twice.` },
  MODEL_KEY_SWAPPED: {
    ...refusal,
    text: (p: { key: string }) =>
      `The key "${p.key}" belonged to another field until now; give it away in one change and take it in the next.`,
  },
  MODEL_OPTION_UNFIT: {
    ...refusal,
    text: (p: { option: string; type: string }) =>
      `"${p.option}" means nothing for the type ${p.type}; leave it out.`,
  },
  MODEL_TYPE_NESTED: {
    ...refusal,
    text: (p: { type: string }) => `The type ${p.type} cannot be inside a document.`,
  },
  MODEL_INDEX_NESTED: { ...refusal, text: (_: object) => 'A field inside a document has no index.' },
  MODEL_UNIQUE_LIST: { ...refusal, text: (_: object) => 'A list cannot be unique.' },
  MODEL_NO_OPTIONS: { ...refusal, text: (_: object) => 'Name the options to choose from.' },
  MODEL_REF_UNNAMED: { ...refusal, text: (_: object) => 'Name the model it points at.' },
  MODEL_REF_REQUIRED: {
    ...refusal,
    text: (_: object) => 'A required ref cannot be set to null; choose restrict or cascade.',
  },
  MODEL_LIMIT_DATE: { ...refusal, text: (_: object) => 'This must be an ISO 8601 date or @now.' },
  MODEL_LIMIT_NUMBER: { ...refusal, text: (_: object) => 'This must be a number.' },
  MODEL_LIMITS_CROSSED: {
    ...refusal,
    text: (p: { least: number; most: number }) => `The least (${p.least}) is more than the most (${p.most}).`,
  },
  MODEL_PATTERN: {
    ...refusal,
    text: (p: { reason: string }) => `The pattern cannot be used: ${p.reason}.`,
  },
  MODEL_DEFAULT_SET: { ...refusal, text: (_: object) => 'An autodate is set by the system.' },
  MODEL_INDEX_FIELD: { ...refusal, text: (p: { key: string }) => `There is no field "${p.key}".` },
  MODEL_INDEX_TWICE: {
    ...refusal,
    text: (p: { key: string }) => `"${p.key}" stands in the index twice; name it once.`,
  },
  MODEL_INDEX_LISTS: {
    ...refusal,
    text: (p: { keys: readonly string[] }) => `Only one list may be in an index: ${p.keys.join(', ')}.`,
  },
  MODEL_INDEX_UNIQUE_LIST: {
    ...refusal,
    text: (p: { key: string }) => `A list cannot be unique: ${p.key}.`,
  },
})

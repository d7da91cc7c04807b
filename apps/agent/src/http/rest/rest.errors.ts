import { defineErrors } from '@m3m/base'

/** What the REST door answers before the rules of @m3m/data are asked. */
export const restErrors = defineErrors({
  REST_NO_KEY: {
    blame: 'user',
    status: 401,
    text: (_: object) =>
      'Send a key of the project: "Authorization: Bearer m3m_…". Keys are made in the settings of the project; this one is missing, revoked or expired.',
  },
  REST_SCOPE: {
    blame: 'user',
    status: 403,
    text: (p: { scope: string }) =>
      `The key does not have the scope ${p.scope}. Make one that has it in the settings of the project.`,
  },
  REST_NO_PROJECT: {
    blame: 'user',
    status: 404,
    text: (p: { slug: string }) => `There is no project "${p.slug}", or the key is of another one.`,
  },
  REST_MODEL: {
    blame: 'user',
    status: 403,
    text: (p: { model: string }) =>
      `The key is not for the model "${p.model}". Make one that is in the settings of the project.`,
  },
  REST_VERSION: {
    blame: 'user',
    status: 400,
    text: (p: { version: string }) =>
      `"${p.version}" is no version of a record; send the whole number that you read, as "version" or in if-match.`,
  },
  REST_FORM: {
    blame: 'user',
    status: 400,
    text: (p: { problem: string }) => `The form cannot be used: ${p.problem}.`,
  },
  REST_FORM_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { maxMb: number }) =>
      `The form has more than ${p.maxMb} MiB; upload large files to the storage and send their paths.`,
  },
  REST_FILE: {
    blame: 'user',
    status: 404,
    text: (p: { field: string; problem: string }) => `There is no file at "${p.field}": ${p.problem}.`,
  },
  REST_QUERY: {
    blame: 'user',
    status: 400,
    text: (p: { parameter: string; problem: string }) =>
      `The parameter "${p.parameter}" cannot be used: ${p.problem}.`,
  },
  REST_BODY: {
    blame: 'user',
    status: 400,
    text: (p: { expected: string }) => `The body must be ${p.expected}, sent as application/json.`,
  },
  REST_NO_ACTIVE_RELEASE: {
    blame: 'user',
    status: 409,
    text: (p: { slug: string }) =>
      `The project "${p.slug}" has no active release: none with the tag stable was started yet. Say what to start: {"release": "1.2"} or {"branch": "develop"}.`,
  },
  REST_TOO_MANY: {
    blame: 'user',
    status: 429,
    text: (p: { perMinute: number; seconds: number }) =>
      `This key may make ${p.perMinute} requests a minute; send it again in ${p.seconds} s. The rate is in the settings of the project.`,
  },
})

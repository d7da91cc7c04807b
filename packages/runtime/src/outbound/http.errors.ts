import { defineErrors } from '@m3m/base'

/** Why a request to the outside has no answer. */
export const httpErrors = defineErrors({
  HTTP_URL_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { url: string }) => `"${p.url}" is no URL that can be asked; use http:// or https://.`,
  },
  HTTP_OPTION_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { option: string; expected: string }) => `The option "${p.option}" must be ${p.expected}.`,
  },
  HTTP_FAILED: {
    blame: 'user',
    status: 502,
    text: (p: { url: string; reason: string }) => `"${p.url}" did not answer: ${p.reason}.`,
  },
  HTTP_TIMEOUT: {
    blame: 'user',
    status: 504,
    text: (p: { url: string; timeoutMs: number }) =>
      `"${p.url}" did not answer within ${p.timeoutMs} ms; raise the option timeout or ask for less.`,
  },
  HTTP_TOO_LARGE: {
    blame: 'user',
    status: 502,
    text: (p: { url: string; limitBytes: number }) =>
      `The answer of "${p.url}" is larger than ${Math.round(p.limitBytes / 1048576)} MB; use http.download for large files.`,
  },
  HTTP_TOO_MANY_REDIRECTS: {
    blame: 'user',
    status: 502,
    text: (p: { url: string; limit: number }) => `"${p.url}" redirects more than ${p.limit} times.`,
  },
  HTTP_STATUS: {
    blame: 'user',
    status: 502,
    text: (p: { url: string; status: number }) => `"${p.url}" answered ${p.status}; nothing was saved.`,
  },
})

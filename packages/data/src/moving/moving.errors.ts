import { defineErrors } from '@m3m/base'

export const movingErrors = defineErrors({
  PROJECT_IMPORT_INVALID: {
    blame: 'user',
    status: 422,
    text: (p: { reason: string }) =>
      `This is no whole export of a project (${p.reason}). Nothing was changed; export it again.`,
  },
  PROJECT_IMPORT_WRONG_KEY: {
    blame: 'user',
    status: 409,
    text: (p: { keyFile: string }) =>
      `Secret variables in this export are sealed with a key that is not in ${p.keyFile}. Nothing was changed. Export it without secrets, or import it without them: they then have to be typed anew.`,
  },
})

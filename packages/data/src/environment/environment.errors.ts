import { defineErrors } from '@m3m/base'

export const environmentErrors = defineErrors({
  ENV_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { keys: readonly string[] }) =>
      `These variables were refused: ${p.keys.join(', ')}. Nothing was saved; correct them and save again.`,
  },
  ENV_SECRET_KEY: {
    blame: 'host',
    status: 500,
    text: (p: { problem: string }) =>
      `A secret cannot be sealed or opened: ${p.problem}. Give the agent the key file it was set up with.`,
  },
  ENV_CHANGED: {
    blame: 'user',
    status: 409,
    text: (p: { expected: number; actual: number }) =>
      `Someone saved these variables meanwhile (revision ${p.actual}, yours is ${p.expected}); load them again and repeat your change.`,
  },
})

import { defineErrors } from '@m3m/base'

export const authErrors = defineErrors({
  AUTH_BAD_CREDENTIALS: {
    blame: 'user',
    status: 401,
    text: (_: object) => 'E-mail address or password is wrong.',
  },
  AUTH_BLOCKED: {
    blame: 'user',
    status: 403,
    text: (_: object) => 'This operator is blocked. Ask whoever manages this agent.',
  },
  AUTH_TOO_MANY_ATTEMPTS: {
    blame: 'user',
    status: 429,
    text: (p: { seconds: number }) => `Too many failed sign-ins; try again in ${p.seconds} s.`,
  },
  AUTH_BAD_REFRESH: {
    blame: 'user',
    status: 401,
    text: (_: object) => 'This sign-in has ended. Sign in again.',
  },
  AUTH_SET_UP_REFUSED: {
    blame: 'user',
    status: 403,
    text: (_: object) => 'This link is of an earlier start of the agent. Open the one that it printed last.',
  },
  AUTH_NO_SESSION: {
    blame: 'user',
    status: 404,
    text: (p: { sessionId: string }) => `There is no session ${p.sessionId} of yours.`,
  },
})

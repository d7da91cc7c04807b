import { defineErrors } from '@m3m/base'

/** What the authorisation layer answers before a procedure runs. */
export const accessErrors = defineErrors({
  ACCESS_SIGN_IN: {
    blame: 'user',
    status: 401,
    text: (_: object) => 'You are not signed in, or your sign-in has ended. Sign in again.',
  },
  ACCESS_DENIED: {
    blame: 'user',
    status: 403,
    text: (p: { what: string }) => `You may not ${p.what}. Ask whoever manages this agent for the right.`,
  },
  ACCESS_NO_PROJECT: {
    blame: 'user',
    status: 404,
    text: (p: { project: string }) => `There is no project ${p.project}, or it is not yours to see.`,
  },
})

import { defineErrors } from '@m3m/base'

export const usersErrors = defineErrors({
  USERS_ROOT_EXISTS: {
    blame: 'user',
    status: 409,
    text: (p: { email: string }) =>
      `This agent has its first operator already (${p.email}). Add others in the panel under Operators, or use reset-password.`,
  },
  USERS_EMAIL_TAKEN: {
    blame: 'user',
    status: 409,
    text: (p: { email: string }) => `An operator with the e-mail address ${p.email} exists already.`,
  },
  USERS_UNKNOWN: {
    blame: 'user',
    status: 404,
    text: (p: { user: string }) => `There is no operator ${p.user}.`,
  },
  USERS_BEYOND_RIGHTS: {
    blame: 'user',
    status: 403,
    text: (p: { what: string }) => `You cannot give what you do not hold yourself: ${p.what}.`,
  },
  USERS_OUTRANKED: {
    blame: 'user',
    status: 403,
    text: (p: { email: string }) => `${p.email} holds rights that you do not hold; ask root.`,
  },
  USERS_ROOT_STAYS: {
    blame: 'user',
    status: 403,
    text: (_: object) => 'Root cannot be blocked, removed or given other rights.',
  },
  USERS_NOT_YOURSELF: {
    blame: 'user',
    status: 409,
    text: (_: object) =>
      'You cannot block or remove yourself, or set your own password here; use your profile.',
  },
  USERS_OWNS_PROJECTS: {
    blame: 'user',
    status: 409,
    text: (p: { projects: readonly string[] }) =>
      `This operator is the only owner of ${p.projects.join(', ')}. Name who takes over (handOverTo).`,
  },
  USERS_WRONG_PASSWORD: {
    blame: 'user',
    status: 400,
    text: (_: object) => 'The current password is wrong.',
  },
})

import { defineErrors } from '@m3m/base'

/** What the panel's door to the storage adds to the errors of the storage itself (`storageErrors` of @m3m/data). */
export const fileErrors = defineErrors({
  STORAGE_NOT_TEXT: {
    blame: 'user',
    status: 415,
    text: (p: { path: string }) => `"${p.path}" is no text in UTF-8; download it instead of editing it.`,
  },
  STORAGE_CHANGED: {
    blame: 'user',
    status: 409,
    text: (p: { path: string }) =>
      `"${p.path}" was changed or removed since you opened it. Open it again, or save under another name.`,
  },
  STORAGE_NO_LINK: {
    blame: 'user',
    status: 404,
    text: (_: object) => 'There is no such link. Ask whoever gave it to you for a new one.',
  },
  STORAGE_LINK_ENDED: {
    blame: 'user',
    status: 403,
    text: (_: object) => 'This link has expired or was revoked. Ask whoever gave it to you for a new one.',
  },
  STORAGE_TOO_MANY_LINKS: {
    blame: 'user',
    status: 409,
    text: (p: { max: number }) => `A project has at most ${p.max} links; revoke some that are not needed.`,
  },
})

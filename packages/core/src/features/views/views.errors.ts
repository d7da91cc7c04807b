import { defineErrors } from '@m3m/base'

export const viewErrors = defineErrors({
  VIEW_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { viewId: string }) =>
      `There is no view "${p.viewId}"; somebody may have deleted it. Save it under a new name.`,
  },
  VIEW_NAME_TAKEN: {
    blame: 'user',
    status: 409,
    text: (p: { name: string }) => `A view of this model is called "${p.name}" already; choose another name.`,
  },
  VIEW_LIMIT: {
    blame: 'user',
    status: 413,
    text: (p: { limit: number }) => `A model has at most ${p.limit} views; delete one first.`,
  },
})

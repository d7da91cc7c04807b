import { defineErrors } from '@m3m/base'

export const actionErrors = defineErrors({
  ACTION_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { slug: string }) =>
      `The running service has no action "${p.slug}". Actions exist while their run lasts.`,
  },
  ACTION_NOT_READY: {
    blame: 'user',
    status: 409,
    text: (p: { slug: string; state: string }) =>
      `The action "${p.slug}" is ${p.state}; the service says when it may be pressed again.`,
  },
  ACTION_TOO_MANY_PRESSES: {
    blame: 'user',
    status: 429,
    text: (_: object) => 'Too many actions of this service are under way; wait for one of them to end.',
  },
  ACTION_PRESS_OVER: {
    blame: 'user',
    status: 404,
    text: (_: object) => 'This press is over, or it is not yours. Press the action again.',
  },
})

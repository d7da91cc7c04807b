import { defineErrors } from '@m3m/base'

export const alertsErrors = defineErrors({
  ALERTS_NO_RULE: {
    blame: 'user',
    status: 404,
    text: (p: { id: string }) => `There is no alert rule ${p.id}; it may have been removed by somebody else.`,
  },
  ALERTS_TOO_MANY: {
    blame: 'user',
    status: 409,
    text: (p: { most: number }) => `There are ${p.most} alert rules already. Remove one first.`,
  },
  ALERTS_THRESHOLD: {
    blame: 'user',
    status: 400,
    text: (p: { kind: string; min: number; max: number }) =>
      `A rule "${p.kind}" needs a threshold from ${p.min} to ${p.max}.`,
  },
  ALERTS_WRONG_OWNER: {
    blame: 'user',
    status: 400,
    text: (p: { kind: string; owner: string }) => `A rule "${p.kind}" belongs to ${p.owner}.`,
  },
  ALERTS_NO_GOAL: {
    blame: 'user',
    status: 400,
    text: (p: { goal: string }) =>
      `The project has no daily goal "${p.goal}". Make it first, or choose another.`,
  },
  ALERTS_CREDENTIAL: {
    blame: 'user',
    status: 400,
    text: (p: { channel: string }) => `Type the credential of ${p.channel}; none is stored yet.`,
  },
})

import { defineErrors } from '@m3m/base'

export const goalErrors = defineErrors({
  GOAL_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { goal: string }) => `There is no goal "${p.goal}" that this project may use; check its slug.`,
  },
  GOAL_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { problem: string }) => `The goal was refused: ${p.problem}`,
  },
  GOAL_SLUG_TAKEN: {
    blame: 'user',
    status: 409,
    text: (p: { slug: string }) => `The slug "${p.slug}" belongs to another goal; choose another.`,
  },
  GOAL_AMOUNT: {
    blame: 'user',
    status: 400,
    text: (p: { amount: string }) =>
      `A goal is incremented by a whole number up to ±1000000000, not by ${p.amount}.`,
  },
  GOAL_PERIOD: {
    blame: 'user',
    status: 400,
    text: (p: { problem: string }) => `The statistics were refused: ${p.problem}`,
  },
})

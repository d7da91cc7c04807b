import { MAX_ACTIONS } from '../../sandbox/presses/press.contract.ts'

/** The panel's colours (a project's, too). */
export const ACTION_COLORS: readonly string[] = [
  'red',
  'orange',
  'amber',
  'yellow',
  'lime',
  'green',
  'emerald',
  'teal',
  'cyan',
  'sky',
  'blue',
  'indigo',
  'violet',
  'purple',
  'pink',
  'rose',
]

/** The texts of this room's errors, thrown inside the isolate. */
export const actionsTexts = {
  ACTIONS_SLUG_INVALID: (p: { slug: string }) =>
    `"${p.slug}" cannot name an action; use up to 64 letters, digits, "-", "_" or "." and begin with a letter or digit.`,
  ACTIONS_HANDLER_INVALID: (p: { slug: string }) => `The action "${p.slug}" needs a function.`,
  ACTIONS_OPTION_INVALID: (p: { option: string; value: string; allowed: string }) =>
    `The option "${p.option}" of an action cannot be "${p.value}"; use ${p.allowed}.`,
  ACTIONS_TOO_MANY: () => `More than ${MAX_ACTIONS} actions; remove one first.`,
}

import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { SandboxRoom } from '../../sandbox/lane.ts'
import { textOf } from '../../sandbox/presses/dialog-shapes.ts'
import { contextOf } from '../../sandbox/presses/press-context.ts'
import { ACTION_SLUG, ACTION_STATES, MAX_ACTIONS } from '../../sandbox/presses/press.contract.ts'
import {
  addAction,
  countActions,
  listActions,
  removeAction,
  setActionState,
} from '../../sandbox/presses/presses.ts'
import { ACTION_COLORS, actionsTexts } from './actions.contract.ts'

type Handler = (context: object) => unknown

/** Buttons on the project's Overview. */
export const room: SandboxRoom = (_lane, kernel) => ({
  define(slug: unknown, options: unknown, handler?: unknown): void {
    const [given, fn] = typeof options === 'function' ? [{}, options] : [options ?? {}, handler]
    define(kernel, { slug, given: given as Record<string, unknown>, fn })
  },
  remove: (slug: unknown) => removeAction(kernel, String(slug)),
  setState(slug: unknown, state: unknown): boolean {
    const known = ACTION_STATES.find((each) => each === state)
    if (known) return setActionState(kernel, String(slug), known)
    const allowed = ACTION_STATES.map((each) => `'${each}'`).join(', ')
    throw optionError(kernel, { option: 'state', value: String(state), allowed })
  },
  list: () => listActions().map(({ slug, name, description, state }) => ({ slug, name, description, state })),
})

function define(
  kernel: Kernel,
  { slug, given, fn }: { slug: unknown; given: Record<string, unknown>; fn: unknown },
): void {
  if (typeof slug !== 'string' || !ACTION_SLUG.test(slug))
    throw kernel.error(
      'ACTIONS_SLUG_INVALID',
      actionsTexts.ACTIONS_SLUG_INVALID({ slug: String(slug).slice(0, 80) }),
    )
  if (typeof fn !== 'function')
    throw kernel.error('ACTIONS_HANDLER_INVALID', actionsTexts.ACTIONS_HANDLER_INVALID({ slug }))
  if (countActions() >= MAX_ACTIONS && !listActions().some((each) => each.slug === slug))
    throw kernel.error('ACTIONS_TOO_MANY', actionsTexts.ACTIONS_TOO_MANY())
  const { name, description, color, confirm } = given
  if (color !== undefined && !ACTION_COLORS.includes(color as string))
    throw optionError(kernel, {
      option: 'color',
      value: String(color),
      allowed: `one of ${ACTION_COLORS.join(', ')}`,
    })
  const spec = {
    slug,
    name: textOf(name, slug),
    description: textOf(description),
    color: textOf(color),
    confirm: confirm === true ? textOf(name, slug) : textOf(confirm || ''),
  }
  addAction(kernel, spec, (press) => (fn as Handler)(contextOf(kernel, press, spec)))
}

function optionError(kernel: Kernel, problem: { option: string; value: string; allowed: string }): Error {
  return kernel.error('ACTIONS_OPTION_INVALID', actionsTexts.ACTIONS_OPTION_INVALID(problem))
}

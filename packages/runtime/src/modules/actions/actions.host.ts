import type { HostContext, HostModule } from '../../module/define-module.ts'
import {
  ACTION_STATES,
  ANSWERED,
  LEFT,
  MAX_ACTIONS,
  MAX_PRESSES,
  PRESS_MS,
  PRESSED,
  type ActionState,
  type PressOrder,
} from '../../sandbox/presses/press.contract.ts'
import { PressTalk } from './press-talk.host.ts'

/** Texts of buttons are the author's; what the panel shows of them is bounded again there. */
const MAX_SPEC_CHARS = 20_000
/** What is left of a press that is over stays so long for whoever was away for a moment. */
const KEEP_MS = 60_000
/** An answer by a person: as much as a form may hold. */
const ANSWER_MS = 60_000

/** Buttons of one run, and who has pressed them. The panel's half comes in by controls. */
export function createActionsHost(context: HostContext): HostModule {
  const specs = new Map<string, { spec: object; state: ActionState }>()
  const presses = new Map<string, PressTalk>()
  let armed = false

  const begin = (order: PressOrder): string => {
    const action = specs.get(order.slug)
    if (!armed || !action) return 'unknown'
    if (action.state !== 'enabled') return action.state
    if ([...presses.values()].filter(({ over }) => !over).length >= MAX_PRESSES) return 'busy'
    const talk = new PressTalk(order.slug, (id) => {
      enterQuietly(ANSWERED, [order.id, id, null])
    })
    presses.set(order.id, talk)
    void work(order, talk)
    return 'begun'
  }

  const work = async (order: PressOrder, talk: PressTalk): Promise<void> => {
    try {
      const text = await context.enter(PRESSED, [order], { timeoutMs: PRESS_MS })
      talk.end({ kind: 'done', text: String(text ?? '') })
    } catch (error) {
      const { message, stack } = error as Error
      context.log('error', `The action "${order.slug}" failed: ${stack ?? message}`)
      talk.end({ kind: 'failed', message })
    }
    const timer = setTimeout(() => presses.delete(order.id), KEEP_MS)
    timer.unref()
  }

  /** Into a handler that answers nothing; a run that is over has nobody to tell. */
  const enterQuietly = (event: string, args: readonly unknown[]): void => {
    context.enter(event, args, { timeoutMs: ANSWER_MS }).catch(() => {})
  }

  return {
    calls: {
      add([spec]) {
        const { slug } = spec as { slug?: unknown }
        if (typeof slug !== 'string' || JSON.stringify(spec).length > MAX_SPEC_CHARS) return
        if (specs.size < MAX_ACTIONS || specs.has(slug))
          specs.set(slug, { spec: spec as object, state: 'enabled' })
      },
      drop: ([slug]) => void specs.delete(String(slug)),
      state([slug, state]) {
        const action = specs.get(String(slug))
        const known = ACTION_STATES.find((each) => each === state)
        if (action && known) action.state = known
      },
      say: ([id, event]) => presses.get(String(id))?.say(event),
    },
    controls: {
      list: () =>
        [...specs].map(([slug, { spec, state }]) => ({
          ...spec,
          state,
          presses: [...presses.values()].filter((press) => press.slug === slug && !press.over).length,
        })),
      press: ([order]) => begin(order as PressOrder),
      follow: ([id, after]) => presses.get(String(id))?.follow(Number(after)) ?? null,
      answer([id, dialog, answer]) {
        const open = presses.get(String(id))?.answered(Number(dialog)) ?? false
        if (open) enterQuietly(ANSWERED, [id, dialog, answer])
        return open
      },
      leave([id]) {
        presses.get(String(id))?.leave()
        enterQuietly(LEFT, [id])
      },
    },
    arm() {
      armed = true
    },
    disarm() {
      armed = false
    },
    [Symbol.asyncDispose]: async () => {
      for (const talk of presses.values())
        talk.end({ kind: 'failed', message: 'The service was stopped before the action ended.' })
    },
  }
}

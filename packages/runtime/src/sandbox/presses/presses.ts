// Buttons of the Overview and the presses of them that are under way: shared by `actions`, `hook` and `ui`.
import type { Kernel } from '../kernel.port.ts'
import { AbortController } from '../web/abort.ts'
import {
  ANSWERED,
  LEFT,
  MAX_DIALOGS,
  PRESSED,
  type ActionSpec,
  type ActionState,
  type Dialog,
  type PressEvent,
  type PressOrder,
} from './press.contract.ts'

/** Text of a result that is shown. */
const MAX_RESULT_CHARS = 4_000

/** One press of one button by one person, until its handler and its dialogs are through. */
export interface Press extends PressOrder {
  readonly controller: AbortController
  /** Open dialogs: what becomes of their answers. */
  readonly open: Map<number, (answer: unknown) => void>
  /** Callbacks of answered dialogs that have not returned yet. */
  working: number
  lastDialog: number
  /** Runs when nothing is open any more. */
  onIdle: (() => void) | null
}

interface Action {
  readonly spec: ActionSpec
  state: ActionState
  readonly run: (press: Press) => unknown
}

const actions = new Map<string, Action>()
const presses = new Map<string, Press>()
/** Dialogs that do not keep their press from ending. */
const unheld = new WeakSet<(answer: unknown) => void>()
let connected = false

/** Makes, or replaces, a button. `run` gets each press. */
export function addAction(kernel: Kernel, spec: ActionSpec, run: (press: Press) => unknown): void {
  connect(kernel)
  actions.set(spec.slug, { spec, state: 'enabled', run })
  kernel.tell('actions.add', [spec])
}

export function removeAction(kernel: Kernel, slug: string): boolean {
  if (!actions.delete(slug)) return false
  kernel.tell('actions.drop', [slug])
  return true
}

/** @returns false when there is no such button. */
export function setActionState(kernel: Kernel, slug: string, state: ActionState): boolean {
  const action = actions.get(slug)
  if (!action) return false
  action.state = state
  kernel.tell('actions.state', [slug, state])
  return true
}

export function listActions(): (ActionSpec & { state: ActionState })[] {
  return [...actions.values()].map(({ spec, state }) => ({ ...spec, state }))
}

export function countActions(): number {
  return actions.size
}

/** The press a call without context means: that of the session it names, else the only one under way. */
export function pressOf(sessionId: unknown): Press | null | 'several' {
  if (typeof sessionId === 'string' && sessionId !== '') return presses.get(sessionId) ?? null
  if (presses.size > 1) return 'several'
  for (const press of presses.values()) return press
  return null
}

/** Says something to the person; nothing when the press is over or the person has left. */
export function say(kernel: Kernel, press: Press, event: PressEvent): void {
  if (isHeard(press)) kernel.tell('actions.say', [press.id, event])
}

export function isHeard(press: Press): boolean {
  return presses.has(press.id) && !press.controller.signal.aborted
}

/**
 * Opens a dialog. `onAnswer` is called for each answer: with `null` when the person closed it, left, or waited too
 * long, and then, as after {@link closeDialog}, never again. `holds` false: the press may end before the answer.
 *
 * @returns the dialog's number; 0 when nobody is there to see it (`onAnswer` was called with `null`).
 */
export function openDialog(
  kernel: Kernel,
  press: Press,
  { dialog, holds = true }: { dialog: Dialog; holds?: boolean },
  onAnswer: (answer: unknown, id: number) => unknown,
): number {
  if (!isHeard(press) || press.open.size >= MAX_DIALOGS) {
    onAnswer(null, 0)
    return 0
  }
  const id = ++press.lastDialog
  const answered = (answer: unknown) => {
    if (answer === null) press.open.delete(id)
    work(kernel, press, () => onAnswer(answer, id))
  }
  press.open.set(id, answered)
  if (!holds) unheld.add(answered)
  say(kernel, press, { kind: 'dialog', id, dialog })
  return id
}

/** Takes a dialog off the screen. */
export function closeDialog(kernel: Kernel, press: Press, id: number): void {
  if (!press.open.delete(id)) return
  say(kernel, press, { kind: 'close', id })
  settle(press)
}

/** Runs a callback of the author; the press goes on until it, and what it promised, is through. */
function work(kernel: Kernel, press: Press, fn: () => unknown): void {
  press.working++
  const done = () => {
    press.working--
    settle(press)
  }
  kernel.guard(`The action "${press.slug}" failed`, () => {
    let result: unknown
    try {
      result = fn()
    } catch (error) {
      done()
      throw error
    }
    if (!(result instanceof Promise)) return done()
    return result.finally(done)
  })
}

function settle(press: Press): void {
  if (press.working > 0) return
  for (const answered of press.open.values()) if (!unheld.has(answered)) return
  press.onIdle?.()
}

function connect(kernel: Kernel): void {
  if (connected) return
  connected = true
  kernel.on(PRESSED, (order) => pressed(order as PressOrder))
  kernel.on(ANSWERED, (id, dialog, answer) => {
    presses.get(id as string)?.open.get(dialog as number)?.(answer ?? null)
  })
  kernel.on(LEFT, (id) => {
    const press = presses.get(id as string)
    if (press) leave(press)
  })
}

async function pressed(order: PressOrder): Promise<string> {
  const action = actions.get(order.slug)
  if (!action) return ''
  const press: Press = {
    ...order,
    controller: new AbortController(),
    open: new Map(),
    working: 0,
    lastDialog: 0,
    onIdle: null,
  }
  presses.set(press.id, press)
  try {
    const result = await action.run(press)
    const idle = new Promise<void>((resolve) => (press.onIdle = resolve))
    settle(press)
    await idle
    return shown(result)
  } finally {
    presses.delete(press.id)
  }
}

/** The person is gone: whoever waits for an answer gets `null`. */
function leave(press: Press): void {
  press.controller.abort()
  for (const answered of [...press.open.values()]) answered(null)
  settle(press)
}

function shown(result: unknown): string {
  if (result === undefined || result === null) return ''
  const text = typeof result === 'string' ? result : (JSON.stringify(result) ?? '')
  return text.length > MAX_RESULT_CHARS ? `${text.slice(0, MAX_RESULT_CHARS)}…` : text
}

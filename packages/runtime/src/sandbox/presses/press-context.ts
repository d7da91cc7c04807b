// What the handler of an action gets.
import type { Kernel } from '../kernel.port.ts'
import type { AbortSignal } from '../web/abort.ts'
import { createDialogs, type Dialogs } from './dialogs.ts'
import { setActionState, type Press } from './presses.ts'
import type { ActionSpec } from './press.contract.ts'

export interface PressContext {
  readonly slug: string
  readonly name: string
  readonly by: { readonly id: string; readonly name: string }
  /** The original's names for who pressed, and for this press. */
  readonly userId: string
  readonly sessionId: string
  readonly signal: AbortSignal
  readonly ui: Dialogs
  loading(on?: unknown): void
  active(on?: unknown): void
}

export function contextOf(kernel: Kernel, press: Press, { slug, name }: ActionSpec): PressContext {
  return {
    slug,
    name,
    by: press.by,
    userId: press.by.id,
    sessionId: press.id,
    signal: press.controller.signal,
    ui: createDialogs(kernel, () => press),
    loading: (on = true) => void setActionState(kernel, slug, on ? 'loading' : 'enabled'),
    active: (on = true) => void setActionState(kernel, slug, on ? 'enabled' : 'disabled'),
  }
}

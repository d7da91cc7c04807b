// One press as the panel follows it: numbered events, kept until they were taken.
import { DIALOG_MS, MAX_DIALOG_CHARS, MAX_DIALOGS } from '../../sandbox/presses/press.contract.ts'

/** Events nobody has taken yet; a flood of toasts ends here. */
const MAX_EVENTS = 200
/** How long a question for events waits when there are none; far below the limit of a control (agent-run.ts). */
const FOLLOW_MS = 5_000

type PressEnd = { kind: 'done'; text: string } | { kind: 'failed'; message: string }

interface Numbered {
  seq: number
  event: unknown
}

/** Has an end: `done` or `failed` is its last event. */
export class PressTalk {
  readonly slug: string
  over = false
  readonly #onTimeout: (dialog: number) => void
  readonly #timers = new Map<number, NodeJS.Timeout>()
  #events: Numbered[] = []
  #last = 0
  #wake = () => {}

  /** `onTimeout`: a dialog waited too long for its answer. */
  constructor(slug: string, onTimeout: (dialog: number) => void) {
    this.slug = slug
    this.#onTimeout = onTimeout
  }

  /** What the service says. */
  say(event: unknown): void {
    if (this.over || this.#events.length >= MAX_EVENTS || !isFit(event)) return
    const { kind, id } = event as { kind?: unknown; id?: unknown }
    if (kind === 'dialog' && Number.isInteger(id) && this.#timers.size < MAX_DIALOGS)
      this.#timers.set(id as number, this.#timer(id as number))
    if (kind === 'close') this.#closed(Number(id))
    this.#add(event)
  }

  end(event: PressEnd): void {
    if (this.over) return
    this.over = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#add(event)
  }

  /** @returns whether this dialog was open. A form stays open: its time begins anew. */
  answered(dialog: number): boolean {
    const timer = this.#timers.get(dialog)
    if (!timer) return false
    timer.refresh()
    return true
  }

  /** Nobody is there any more: dialogs do not time out, they are answered at once by the sandbox. */
  leave(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Events after number `after`, at once when there are any, else within {@link FOLLOW_MS}. Earlier ones are dropped. */
  async follow(after: number): Promise<{ events: readonly Numbered[]; over: boolean }> {
    this.#events = this.#events.filter(({ seq }) => seq > after)
    if (this.#events.length === 0 && !this.over)
      await new Promise<void>((resolve) => {
        const before = this.#wake
        const timer = setTimeout(resolve, FOLLOW_MS)
        this.#wake = () => {
          clearTimeout(timer)
          before()
          resolve()
        }
      })
    return { events: this.#events.filter(({ seq }) => seq > after), over: this.over }
  }

  #closed(dialog: number): void {
    clearTimeout(this.#timers.get(dialog))
    this.#timers.delete(dialog)
  }

  #timer(dialog: number): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(dialog)
      this.#add({ kind: 'close', id: dialog })
      this.#onTimeout(dialog)
    }, DIALOG_MS)
    return timer.unref()
  }

  #add(event: unknown): void {
    this.#events.push({ seq: ++this.#last, event })
    const wake = this.#wake
    this.#wake = () => {}
    wake()
  }
}

function isFit(event: unknown): boolean {
  return typeof event === 'object' && event !== null && JSON.stringify(event).length <= MAX_DIALOG_CHARS
}

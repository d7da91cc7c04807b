import { screen, type WebContents } from 'electron'
import type { AgentPages } from '../agents/agent-desk.ts'
import type { StoredAgent } from '../agents/agent-store.ts'
import type { CallingPage } from '../port/port-calls.ts'
import { createWindowStateFile, openingBounds, type WindowState } from '../window/window-state.ts'
import { carryStorage } from './carry-storage.ts'
import { PageWindow, type PageWindowDeps } from './page-window.ts'

/** Whom an event is for: every page, those that are seen last, or those of an agent (null: the page without one). */
export type Addressee = 'all' | 'shown' | { agent: string | null }

interface WindowsDeps extends Pick<PageWindowDeps, 'network' | 'agent'> {
  stateFile: string
  /** Whether that agent is still in the list. */
  knows: (id: string) => boolean
  /** Called when the last one closed because the app ends. */
  onAllClosed: () => void
  /** Another window, or another page of it, is in front: what the menu ticks. */
  onFront: () => void
}

/** Every window of the app. The last one that was used is where menus and notifications lead. */
export class Windows implements AgentPages {
  readonly #deps: WindowsDeps
  readonly #file: ReturnType<typeof createWindowStateFile>
  readonly #windows = new Set<PageWindow>()
  #front: PageWindow | null = null
  #opening: Promise<void> | null = null
  #saved: Promise<void> = Promise.resolve()
  /** The app ends: what is open now is what opens again, whatever closes first. */
  #ending = false

  constructor(deps: WindowsDeps) {
    this.#deps = deps
    this.#file = createWindowStateFile(deps.stateFile)
  }

  /** The window used last; null when all are closed. */
  get front(): PageWindow | null {
    return this.#front
  }

  /** Opens what was open when the app ended; the first with the agent given, when one is. */
  async restore(agent: string | null): Promise<void> {
    // One opening for all who ask while it lasts.
    this.#opening ??= this.#restore(agent).finally(() => (this.#opening = null))
    await this.#opening
  }

  async open(agent: string | null): Promise<void> {
    const { bounds } = this.#front?.state() ?? { bounds: null }
    // A little beside the one it was opened from.
    const beside = bounds && { ...bounds, x: bounds.x + 32, y: bounds.y + 32 }
    await this.#add({ bounds: beside, maximized: false, agent }).show(agent)
  }

  /** @param path page of that agent to go to; where it was left without one */
  async show(id: string | null, windowId: number | null, path?: string): Promise<void> {
    if (this.#windows.size === 0) await this.restore(id)
    const window = [...this.#windows].find((one) => one.id === windowId) ?? this.#front!
    await window.show(id, path)
    this.#deps.onFront()
  }

  async close(agent: StoredAgent): Promise<void> {
    await this.#leave(agent.id)
    for (const window of this.#windows) window.drop(agent.id)
    await this.#deps.network.erase(agent)
  }

  async renew(before: StoredAgent, after: StoredAgent): Promise<void> {
    const showed = await this.#leave(before.id)
    for (const window of this.#windows) window.drop(before.id)
    const { network } = this.#deps
    await carryStorage(network.sessionOf(before), network.sessionOf(after))
    await network.erase(before)
    for (const window of showed) await window.show(after.id)
  }

  /** Which of our pages these contents are; null for none of them. */
  pageOf(contents: WebContents): CallingPage | null {
    for (const window of this.#windows) {
      const page = window.pageOf(contents)
      if (page) return page
    }
    return null
  }

  contents(of: Addressee): WebContents[] {
    if (of === 'shown') return this.#front?.contents('shown') ?? []
    return [...this.#windows].flatMap((window) => window.contents(of))
  }

  focus(): void {
    this.#front?.focus()
  }

  /** Keeps what is open for the next start; called when the app begins to end. */
  remember(): void {
    this.#ending = true
    if (this.#windows.size > 0) this.#save([...this.#windows])
  }

  /** Settled when what was open is on the disk. */
  get saved(): Promise<void> {
    return this.#saved
  }

  async #restore(agent: string | null): Promise<void> {
    const { windows } = await this.#file.read()
    const known = (id: string | null) => (id !== null && this.#deps.knows(id) ? id : null)
    for (const state of windows.slice(0, -1)) await this.#add(state).show(known(state.agent))
    await this.#add(windows.at(-1) ?? { bounds: null, maximized: false, agent }).show(agent)
  }

  #add(state: WindowState): PageWindow {
    const { network, agent } = this.#deps
    const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea)
    const window = new PageWindow(
      {
        network,
        agent,
        onFocus: (focused) => {
          this.#front = focused
          this.#deps.onFront()
        },
        // A window that a person closes while others are open is not wanted any more; the last one opens again.
        onClose: (closing) => {
          if (this.#ending) return
          const others = [...this.#windows].filter((one) => one !== closing)
          this.#save(others.length > 0 ? others : [closing])
        },
        onClosed: (closed) => {
          this.#windows.delete(closed)
          if (this.#front === closed) this.#front = [...this.#windows].at(-1) ?? null
          // Asking the pages held the end of the app up.
          if (this.#ending && this.#windows.size === 0) this.#deps.onAllClosed()
        },
        onObjection: () => (this.#ending = false),
      },
      { bounds: openingBounds(state.bounds, areas), maximized: state.maximized },
    )
    this.#windows.add(window)
    this.#front = window
    this.#ending = false
    return window
  }

  /** Shows the list in every window that shows that agent, and says which did. */
  async #leave(id: string): Promise<PageWindow[]> {
    const showed = [...this.#windows].filter((window) => window.shown === id)
    for (const window of showed) await window.show(null)
    return showed
  }

  #save(windows: readonly PageWindow[]): void {
    const inOrder = windows.toSorted((a, b) => Number(a === this.#front) - Number(b === this.#front))
    this.#saved = this.#file.write({ windows: inOrder.map((window) => window.state()) })
  }
}

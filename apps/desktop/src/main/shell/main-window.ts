import { join } from 'node:path'
import { app, BaseWindow, nativeTheme, screen, shell, type WebContents, WebContentsView } from 'electron'
import type { AgentPages } from '../agents/agent-desk.ts'
import { APP_ORIGIN } from '../protocol/app-files.ts'
import type { CallingPage } from '../port/port-calls.ts'
import { navigationRule, windowOpenRule } from '../window/navigation-rule.ts'
import { createWindowStateFile, LEAST_SIZE, openingBounds } from '../window/window-state.ts'
import type { AgentNetwork } from './agent-network.ts'
import { PAGE_PREFERENCES } from './web-preferences.ts'

/** Zinc 950 and white: the panel's own backgrounds, so that opening does not flash. */
const BACKGROUND = { dark: '#09090b', light: '#ffffff' } as const
const HOME = 'home'
const RELOAD_AGAIN_AFTER_MS = 10_000

/** Whom an event is for: every page, the one that is seen, or that of an agent (null: the page without one). */
export type Addressee = 'all' | 'shown' | { agent: string | null }

interface MainWindowDeps {
  network: AgentNetwork
  agent: (id: string) => { id: string; url: string; fingerprint: string | null }
  stateFile: string
  onClosed: () => void
}

/** The window: one page (a view with its own session) per agent, of which one is seen. Pages keep their state. */
export class MainWindow implements AgentPages {
  readonly #deps: MainWindowDeps
  readonly #window: BaseWindow
  readonly #views = new Map<string, WebContentsView>()
  #shown: string | null = null
  #saved: Promise<void> = Promise.resolve()

  private constructor(window: BaseWindow, deps: MainWindowDeps) {
    this.#window = window
    this.#deps = deps
    window.on('resize', () => this.#layOut())
    window.on('closed', () => this.#closePages())
  }

  /** Opens the window where it was. */
  static async open(deps: MainWindowDeps): Promise<MainWindow> {
    const file = createWindowStateFile(deps.stateFile)
    const { bounds, maximized } = await file.read()
    const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea)
    const window = new BaseWindow({
      ...openingBounds(bounds, areas),
      minWidth: LEAST_SIZE.width,
      minHeight: LEAST_SIZE.height,
      title: 'm3m',
      backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    })
    if (maximized) window.maximize()
    const main = new MainWindow(window, deps)
    window.on('close', () => {
      main.#saved = file.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
    })
    return main
  }

  async show(id: string | null): Promise<void> {
    const key = id ?? HOME
    const view = this.#views.get(key) ?? this.#addView(key)
    this.#shown = key
    for (const [other, one] of this.#views) one.setVisible(other === key)
    this.#layOut()
    view.webContents.focus()
    if (view.webContents.getURL() === '') await view.webContents.loadURL(`${APP_ORIGIN}/`)
  }

  async close(id: string): Promise<void> {
    const view = this.#views.get(id)
    this.#views.delete(id)
    if (view) {
      this.#window.contentView.removeChildView(view)
      view.webContents.close()
    }
    await this.#deps.network.erase(id)
  }

  /** Which of our pages these contents are; null for none of them. */
  pageOf(contents: WebContents): CallingPage | null {
    for (const [key, view] of this.#views)
      if (view.webContents === contents) return { agentId: key === HOME ? null : key }
    return null
  }

  contents(of: Addressee): WebContents[] {
    const wanted = (key: string) =>
      of === 'all' || key === (of === 'shown' ? this.#shown : (of.agent ?? HOME))
    return [...this.#views].filter(([key]) => wanted(key)).map(([, view]) => view.webContents)
  }

  /** Settled when a window that was closed has written where it was. */
  get saved(): Promise<void> {
    return this.#saved
  }

  focus(): void {
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  #addView(key: string): WebContentsView {
    const { network, agent } = this.#deps
    const view = new WebContentsView({
      webPreferences: {
        ...PAGE_PREFERENCES,
        session: key === HOME ? network.homeSession() : network.sessionOf(agent(key)),
        preload: join(app.getAppPath(), 'out/preload/index.cjs'),
      },
    })
    guard(view.webContents)
    this.#views.set(key, view)
    this.#window.contentView.addChildView(view)
    return view
  }

  #layOut(): void {
    const { width, height } = this.#window.getContentBounds()
    for (const view of this.#views.values()) view.setBounds({ x: 0, y: 0, width, height })
  }

  #closePages(): void {
    // A BaseWindow does not end the pages in it (electronjs.org/docs/latest/api/base-window, "Resource management").
    for (const view of this.#views.values()) view.webContents.close()
    this.#views.clear()
    this.#deps.onClosed()
  }
}

function guard(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    const rule = navigationRule(event.url)
    if (rule === 'stay') return
    event.preventDefault()
    if (rule === 'browser') void shell.openExternal(event.url)
  })
  contents.on('will-redirect', (event) => {
    if (navigationRule(event.url) !== 'stay') event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (windowOpenRule(url) === 'browser') void shell.openExternal(url)
    return { action: 'deny' }
  })
  let reloadedMs = 0
  contents.on('render-process-gone', (_event, details) => {
    // One that dies at once again would be started for ever; a person can reload it by the menu.
    if (details.reason === 'clean-exit' || Date.now() - reloadedMs < RELOAD_AGAIN_AFTER_MS) return
    reloadedMs = Date.now()
    contents.reload()
  })
}

import { join } from 'node:path'
import {
  app,
  BaseWindow,
  clipboard,
  type ContextMenuParams,
  Menu,
  nativeImage,
  nativeTheme,
  type WebContents,
  WebContentsView,
} from 'electron'
import { PORT_EVENT, type PortEvents } from '../../shared/desktop-port.ts'
import { nativeTexts } from '../native-texts.ts'
import type { CallingPage } from '../port/port-calls.ts'
import { APP_ORIGIN } from '../protocol/app-files.ts'
import { contextMenuTemplate } from '../window/context-menu-template.ts'
import { LEAST_SIZE, type Rectangle, type WindowState } from '../window/window-state.ts'
import type { AgentNetwork, NetworkAgent } from './agent-network.ts'
import { guardPage } from './page-guard.ts'
import { PAGE_PREFERENCES } from './web-preferences.ts'

/** Zinc 950 and white: the panel's own backgrounds, so that opening does not flash. */
const BACKGROUND = { dark: '#09090b', light: '#ffffff' } as const
const HOME = 'home'

export interface PageWindowDeps {
  network: AgentNetwork
  agent: (id: string) => NetworkAgent
  onFocus: (window: PageWindow) => void
  /** It is about to close; its state can still be read. */
  onClose: (window: PageWindow) => void
  onClosed: (window: PageWindow) => void
  /** A page has unsaved changes and the person may want to stay. */
  onObjection: () => void
}

/** A window: one page (a view with its own session) per agent, of which one is seen. Pages keep their state. */
export class PageWindow {
  readonly #deps: PageWindowDeps
  readonly #window: BaseWindow
  readonly #views = new Map<string, WebContentsView>()
  #shown: string | null = null
  #isClosing = false

  constructor(deps: PageWindowDeps, { bounds, maximized }: { bounds: Rectangle; maximized: boolean }) {
    this.#deps = deps
    this.#window = new BaseWindow({
      ...bounds,
      minWidth: LEAST_SIZE.width,
      minHeight: LEAST_SIZE.height,
      title: 'm3m',
      backgroundColor: background(),
      // Elsewhere the program's own; on Linux that is known of installed packages only, and not of an AppImage.
      ...(process.platform === 'linux' && { icon: inPages('tray/mark@2x.png') }),
    })
    if (maximized) this.#window.maximize()
    this.#window.on('resize', () => this.#layOut())
    this.#window.on('focus', () => deps.onFocus(this))
    this.#window.on('close', (event) => this.#close(event))
    this.#window.on('closed', () => deps.onClosed(this))
  }

  get id(): number {
    return this.#window.id
  }

  /** Id of the agent that is seen; null for the page without one. */
  get shown(): string | null {
    return this.#shown === HOME ? null : this.#shown
  }

  state(): WindowState {
    return {
      bounds: this.#window.getNormalBounds(),
      maximized: this.#window.isMaximized(),
      agent: this.shown,
    }
  }

  /** @param path page of that agent to go to; where it was left without one */
  async show(id: string | null, path?: string): Promise<void> {
    const key = id ?? HOME
    const view = this.#views.get(key) ?? this.#addView(key)
    this.#shown = key
    for (const [other, one] of this.#views) one.setVisible(other === key)
    this.#layOut()
    view.webContents.focus()
    const { webContents } = view
    if (webContents.getURL() === '') await webContents.loadURL(`${APP_ORIGIN}${path ?? '/'}`)
    else if (path !== undefined) webContents.send(PORT_EVENT, 'open', { path } satisfies PortEvents['open'])
  }

  reload(): void {
    for (const contents of this.contents('shown')) contents.reload()
  }

  toggleDevTools(): void {
    for (const contents of this.contents('shown')) contents.toggleDevTools()
  }

  /** Ends the page of that agent, if it has one. */
  drop(id: string): void {
    const view = this.#views.get(id)
    this.#views.delete(id)
    if (!view) return
    this.#window.contentView.removeChildView(view)
    view.webContents.close()
  }

  /** Which of its pages these contents are; null for none of them. */
  pageOf(contents: WebContents): CallingPage | null {
    for (const [key, view] of this.#views)
      if (view.webContents === contents)
        return {
          agentId: key === HOME ? null : key,
          windowId: this.id,
          // The pointer carries the app's mark.
          startDrag: (file) =>
            contents.startDrag({ file, icon: nativeImage.createFromPath(inPages('tray/mark@2x.png')) }),
          download: (url) => contents.downloadURL(url),
        }
    return null
  }

  /** The contents of every page, of that of an agent (null: the page without one), or of the one that is seen. */
  contents(of: 'all' | 'shown' | { agent: string | null }): WebContents[] {
    const wanted = (key: string) =>
      of === 'all' || key === (of === 'shown' ? this.#shown : (of.agent ?? HOME))
    return [...this.#views].filter(([key]) => wanted(key)).map(([, view]) => view.webContents)
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
    // Until the page has drawn itself.
    view.setBackgroundColor(background())
    view.webContents.on('context-menu', (_event, clicked) => this.#popUp(clicked))
    guardPage(view.webContents, {
      onAsk: () => void this.show(key === HOME ? null : key),
      onStay: () => {
        this.#isClosing = false
        this.#deps.onObjection()
      },
    })
    this.#views.set(key, view)
    this.#window.contentView.addChildView(view)
    return view
  }

  #popUp(clicked: ContextMenuParams): void {
    const texts = nativeTexts(app.getLocale())
    const template = contextMenuTemplate(clicked, { texts, copyLink: (url) => void clipboard.writeText(url) })
    if (template.length > 0) Menu.buildFromTemplate(template).popup({ window: this.#window })
  }

  #layOut(): void {
    const { width, height } = this.#window.getContentBounds()
    for (const view of this.#views.values()) view.setBounds({ x: 0, y: 0, width, height })
  }

  /**
   * A BaseWindow does not end the pages in it (electronjs.org/docs/latest/api/base-window, "Resource management"), nor
   * are they asked: so they are closed first, each may object, and the window goes when they are gone.
   */
  #close(event: { preventDefault: () => void }): void {
    if (this.#views.size === 0) return
    event.preventDefault()
    if (this.#isClosing) return
    this.#isClosing = true
    for (const [key, { webContents }] of this.#views) {
      webContents.once('destroyed', () => this.#gone(key))
      webContents.close({ waitForBeforeUnload: true })
    }
  }

  #gone(key: string): void {
    const view = this.#views.get(key)
    // Told once for each time that the window was asked to close.
    if (!view) return
    this.#views.delete(key)
    this.#window.contentView.removeChildView(view)
    if (!this.#isClosing || this.#views.size > 0) return
    this.#deps.onClose(this)
    this.#window.close()
  }
}

/** A file of the pages' build. */
function inPages(path: string): string {
  return join(app.getAppPath(), 'dist-web', path)
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light
}

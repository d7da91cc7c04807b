import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { browser } from './browser.ts'
import { encode } from './clone.ts'
import type { DevTools, DevToolsEvent } from './devtools.ts'
import { receiveCall } from './ipc-main.ts'
import { BINDING, mainWorldSource, PRELOAD_WORLD, preloadWorldSource } from './page-worlds.ts'
import { toApp, toBrowser } from './protocol.ts'
import { refuseUnknown } from './refuse-unknown.ts'
import type { Session } from './session.ts'

export interface WebPreferences {
  preload?: string
  session: Session
  contextIsolation: boolean
  sandbox: boolean
  nodeIntegration: boolean
}

/** A page in Chromium as the app's main process sees it. */
export class WebContents extends EventEmitter {
  readonly preferences: WebPreferences
  /** What the app holds: the same page, with unknown members refused. */
  readonly self: WebContents = refuseUnknown('WebContents', this)
  readonly mainFrame: { url: string } = refuseUnknown('WebFrameMain', { url: '' })
  readonly #opened: Promise<{ devtools: DevTools; target: string; session: string }>
  #openHandler: (details: { url: string }) => { action: 'allow' | 'deny' } = () => ({ action: 'allow' })
  #preloadContext: number | null = null
  #isDestroyed = false
  /** Set while main itself navigates. */
  #loading = false

  constructor(preferences: WebPreferences) {
    super()
    if (!preferences.contextIsolation || !preferences.sandbox || preferences.nodeIntegration)
      throw new Error('electron stand-in: pages without isolation and sandbox are not implemented')
    this.preferences = preferences
    this.#opened = this.#open()
    this.#opened.catch((error: unknown) => console.error('electron stand-in:', error))
  }

  async loadURL(url: string): Promise<void> {
    const { devtools, session } = await this.#opened
    const loaded = new Promise<void>((resolve) => this.once('did-finish-load', resolve))
    this.#loading = true
    const { errorText } = await devtools.send<{ errorText?: string }>(
      'Page.navigate',
      { url: toBrowser(url) },
      session,
    )
    this.#loading = false
    if (errorText) throw new Error(`${errorText} loading '${url}'`)
    await loaded
  }

  getURL(): string {
    return this.mainFrame.url === 'about:blank' ? '' : this.mainFrame.url
  }

  getLastWebPreferences(): WebPreferences {
    return this.preferences
  }

  async executeJavaScript(expression: string): Promise<unknown> {
    const { devtools, session } = await this.#opened
    const params = { expression, awaitPromise: true, returnByValue: true }
    const { result } = await devtools.send<{ result: { value: unknown } }>(
      'Runtime.evaluate',
      params,
      session,
    )
    return result.value
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'allow' | 'deny' }): void {
    this.#openHandler = handler
  }

  send(channel: string, ...args: unknown[]): void {
    void this.#toPreload({ kind: 'event', channel, args: encode(args) })
  }

  focus(): void {}

  reload(): void {
    void this.#opened.then(({ devtools, session }) => devtools.send('Page.reload', {}, session))
  }

  /** With `waitForBeforeUnload` the page may object: `will-prevent-unload`, and it stays unless that is prevented. */
  close({ waitForBeforeUnload = false } = {}): void {
    void this.#opened.then(async ({ devtools, target, session }) => {
      if (this.#isDestroyed) return void this.emit('destroyed')
      const gone = waitForBeforeUnload
        ? devtools.send('Page.close', {}, session)
        : devtools.send('Target.closeTarget', { targetId: target })
      // The answer may be lost with the page.
      await gone.catch(() => {})
    })
  }

  /** What was handed to a drag; a test looks here. */
  readonly dragged: string[] = []

  startDrag({ file }: { file: string }): void {
    this.dragged.push(file)
  }

  /** Addresses that main has downloaded: they are no navigation. */
  readonly #downloads = new Set<string>()

  /** As a link to a file that is sent to be saved: Chromium downloads it and stays on the page. */
  downloadURL(url: string): void {
    this.#downloads.add(url)
    const expression = `location.assign(${JSON.stringify(url)})`
    void this.#opened.then(({ devtools, session }) =>
      devtools.send('Runtime.evaluate', { expression }, session),
    )
  }

  async #open(): Promise<{ devtools: DevTools; target: string; session: string }> {
    const devtools = await browser()
    const browserContextId = await this.preferences.session.context()
    const { targetId } = await devtools.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
      newWindow: true,
      width: 1440,
      height: 900,
    })
    const { sessionId } = await devtools.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    })
    devtools.onEvent(sessionId, (event) => void this.#receive(event, devtools, sessionId))
    devtools.onEvent('browser', (event) => closeStray(event, devtools, browserContextId))
    devtools.onEvent('browser', ({ method, params }) => {
      if (method === 'Target.targetDestroyed' && (params as { targetId?: string }).targetId === targetId)
        this.#destroyed()
    })
    const secret = `standin-${randomUUID()}-`
    const { preload: path } = this.preferences
    const source = path === undefined ? '' : readFileSync(path, 'utf8')
    const inPreload = preloadWorldSource(secret, { path: path ?? 'none', source })
    const setUp: [string, object][] = [
      ['Target.setDiscoverTargets', { discover: true }],
      ['Page.enable', {}],
      ['Runtime.enable', {}],
      ['Emulation.setFocusEmulationEnabled', { enabled: true }],
      ['Security.setIgnoreCertificateErrors', { ignore: true }],
      ['Fetch.enable', { patterns: [{ resourceType: 'Document' }, ...this.#watched()] }],
      ['Runtime.addBinding', { name: BINDING, executionContextName: PRELOAD_WORLD }],
      ['Page.addScriptToEvaluateOnNewDocument', { source: mainWorldSource(secret) }],
      ['Page.addScriptToEvaluateOnNewDocument', { source: inPreload, worldName: PRELOAD_WORLD }],
    ]
    for (const [method, params] of setUp)
      await devtools.send(method, params, method.startsWith('Target.') ? undefined : sessionId)
    return { devtools, target: targetId, session: sessionId }
  }

  async #receive({ method, params }: DevToolsEvent, devtools: DevTools, session: string): Promise<void> {
    const { context, frame, name, payload, url } = params as Record<string, never> & {
      context: { id: number; name: string }
      frame: { parentId?: string; url: string }
      name: string
      payload: string
      url: string
    }
    if (method === 'Runtime.executionContextCreated' && context.name === PRELOAD_WORLD)
      this.#preloadContext = context.id
    if (method === 'Runtime.bindingCalled' && name === BINDING) await this.#fromPage(JSON.parse(payload))
    if (method === 'Page.frameNavigated' && frame.parentId === undefined)
      this.mainFrame.url = toApp(frame.url)
    if (method === 'Page.navigatedWithinDocument') this.mainFrame.url = toApp(url)
    if (method === 'Page.loadEventFired') this.emit('did-finish-load')
    if (method === 'Page.javascriptDialogOpening') await this.#askToLeave(devtools, session)
    if (method === 'Page.windowOpen') this.#askToOpen(toApp(url))
    if (method === 'Fetch.requestPaused') await this.#gate(params as never, devtools, session)
    if (method === 'Inspector.targetCrashed') this.emit('render-process-gone', {}, { reason: 'crashed' })
  }

  /** Requests that the session's rules decide about. */
  #watched(): { urlPattern: string }[] {
    const isOpen = this.preferences.session.mayReachLoopback()
    return [{ urlPattern: 'https://*' }, ...(isOpen ? [] : [{ urlPattern: 'http://127.0.0.1:*/*' }])]
  }

  #destroyed(): void {
    this.#isDestroyed = true
    this.emit('destroyed')
  }

  /** The one dialog that a page of the app opens by itself: it objects to being left. */
  async #askToLeave(devtools: DevTools, session: string): Promise<void> {
    let accept = false
    this.emit('will-prevent-unload', { preventDefault: () => (accept = true) })
    await devtools.send('Page.handleJavaScriptDialog', { accept }, session).catch(() => {})
  }

  #askToOpen(url: string): void {
    if (this.#openHandler({ url }).action === 'allow')
      throw new Error('electron stand-in: windows opened by pages are not implemented')
  }

  /** Navigations that main did not begin are asked about; connections over TLS pass the session's check. */
  async #gate(
    paused: { requestId: string; request: { url: string }; resourceType: string },
    devtools: DevTools,
    session: string,
  ): Promise<void> {
    const { requestId, request, resourceType } = paused
    const allowed =
      resourceType === 'Document'
        ? this.#mayNavigate(toApp(request.url))
        : await this.#mayConnect(request.url)
    const answer = allowed
      ? devtools.send('Fetch.continueRequest', { requestId }, session)
      : devtools.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }, session)
    // The page may be gone by now.
    await answer.catch(() => {})
  }

  #mayNavigate(url: string): boolean {
    if (this.#loading || this.#downloads.has(url)) return true
    let prevented = false
    this.emit('will-navigate', { url, preventDefault: () => (prevented = true) })
    return !prevented
  }

  async #mayConnect(url: string): Promise<boolean> {
    try {
      await this.preferences.session.fetch(new URL('/health', url).href)
      return true
    } catch {
      return false
    }
  }

  async #fromPage(call: { id: number; channel: string; args: unknown; open?: string }): Promise<void> {
    if (call.open !== undefined) return this.#askToOpen(toApp(call.open))
    const event = { sender: this.self, senderFrame: this.mainFrame }
    await this.#toPreload({ kind: 'answer', id: call.id, ...(await receiveCall(call, event)) })
  }

  async #toPreload(message: object): Promise<void> {
    const { devtools, session } = await this.#opened
    if (this.#preloadContext === null) return
    const expression = `globalThis.standinFromMain?.(${JSON.stringify(message)})`
    const params = { expression, contextId: this.#preloadContext }
    // The page may have gone on to another document.
    await devtools.send('Runtime.evaluate', params, session).catch(() => {})
  }
}

/** A page that another page opened: the app has denied it, or it would not be here as a page of its own. */
function closeStray({ method, params }: DevToolsEvent, devtools: DevTools, context: string): void {
  if (method !== 'Target.targetCreated') return
  const { targetId, type, browserContextId, openerId } = (
    params as unknown as {
      targetInfo: { targetId: string; type: string; browserContextId: string; openerId?: string }
    }
  ).targetInfo
  if (type === 'page' && openerId !== undefined && browserContextId === context)
    void devtools.send('Target.closeTarget', { targetId }).catch(() => {})
}

import { EventEmitter } from 'node:events'
import { app } from './app.ts'
import { refuseUnknown } from './refuse-unknown.ts'
import { WebContents, type WebPreferences } from './web-contents.ts'

interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

class View {
  readonly #page: WebContents
  #visible = true
  bounds: Bounds = { x: 0, y: 0, width: 0, height: 0 }

  constructor(options: { webPreferences: WebPreferences }) {
    this.#page = new WebContents(options.webPreferences)
  }

  get webContents(): WebContents {
    return this.#page.self
  }

  setVisible(visible: boolean): void {
    this.#visible = visible
  }

  getVisible(): boolean {
    return this.#visible
  }

  setBackgroundColor(_color: string): void {}

  setBounds(bounds: Bounds): void {
    this.bounds = bounds
  }

  getBounds(): Bounds {
    return this.bounds
  }
}

const windows = new Set<BaseWindowImplementation>()
let lastId = 0

class BaseWindowImplementation extends EventEmitter {
  readonly id = ++lastId
  readonly #children: View[] = []
  readonly contentView = refuseUnknown('View', {
    children: this.#children,
    addChildView: (view: View) => void this.#children.push(view),
    removeChildView: (view: View) => void this.#children.splice(this.#children.indexOf(view), 1),
  })
  #bounds: Bounds
  #maximized = false

  constructor(options: Bounds) {
    super()
    const { x, y, width, height } = options
    this.#bounds = { x, y, width, height }
    windows.add(this)
    app.closers.add(this.#askToClose)
  }

  getContentBounds(): Bounds {
    return { ...this.#bounds }
  }

  getNormalBounds(): Bounds {
    return { ...this.#bounds }
  }

  setBounds(bounds: Partial<Bounds>): void {
    this.#bounds = { ...this.#bounds, ...bounds }
    this.emit('resize')
  }

  isMaximized(): boolean {
    return this.#maximized
  }

  maximize(): void {
    this.#maximized = true
  }

  isMinimized(): boolean {
    return false
  }

  restore(): void {}

  show(): void {}

  focus(): void {
    this.emit('focus')
  }

  close(): void {
    this.#askToClose()
  }

  readonly #askToClose = (): boolean => {
    let prevented = false
    this.emit('close', { preventDefault: () => (prevented = true) })
    // A listener may have closed it meanwhile.
    if (prevented) return !windows.has(this)
    windows.delete(this)
    app.closers.delete(this.#askToClose)
    this.emit('closed')
    if (windows.size === 0) app.emit('window-all-closed')
    return true
  }
}

/** The window that holds the views. */
export const BaseWindow = class extends BaseWindowImplementation {
  static getAllWindows(): BaseWindowImplementation[] {
    return [...windows]
  }

  constructor(options: Bounds) {
    super(options)
    // oxlint-disable-next-line no-constructor-return -- `new` has to give the object that refuses unknown members
    return refuseUnknown('BaseWindow', this)
  }
}

export const WebContentsView = class extends View {
  constructor(options: { webPreferences: WebPreferences }) {
    super(options)
    // oxlint-disable-next-line no-constructor-return -- as above
    return refuseUnknown('WebContentsView', this)
  }
}

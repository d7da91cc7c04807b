import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { refuseUnknown } from './refuse-unknown.ts'

interface MenuEntry {
  id?: string
  label?: string
  role?: string
  click?: () => void
  submenu?: MenuEntry[]
}

let applicationMenu: MenuEntry[] = []

/** Context menus that opened; a test looks here and clicks. */
const poppedUp: MenuEntry[][] = []

export const Menu = refuseUnknown('Menu', {
  poppedUp,
  buildFromTemplate: (template: MenuEntry[]) =>
    Object.defineProperty(template, 'popup', { value: () => void poppedUp.push(template) }),
  setApplicationMenu: (menu: MenuEntry[]) => void (applicationMenu = menu),
  /** A template is its own menu here; a test finds entries by id. */
  getApplicationMenu: () => ({
    getMenuItemById: (id: string) =>
      applicationMenu.flatMap((one) => one.submenu ?? []).find((entry) => entry.id === id) ?? null,
  }),
})

interface Shown {
  title: string
  body: string
  click: () => void
}

/** What was shown; a test looks here and clicks. */
const notifications: Shown[] = []

export class Notification extends EventEmitter {
  static readonly shown = notifications
  readonly #options: { title: string; body: string }

  constructor(options: { title: string; body: string }) {
    super()
    this.#options = options
  }

  static isSupported(): boolean {
    return true
  }

  show(): void {
    notifications.push({ ...this.#options, click: () => this.emit('click') })
  }
}

export const nativeImage = refuseUnknown('nativeImage', {
  createFromPath: (path: string) => {
    if (!existsSync(path)) throw new Error(`electron stand-in: there is no image ${path}`)
    return { path }
  },
})

/** A tray is its menu and its tooltip; a test finds the newest by `Tray.opened`. */
export class Tray extends EventEmitter {
  static readonly opened: { menu: MenuEntry[]; tooltip: string }[] = []
  readonly #state = { menu: [] as MenuEntry[], tooltip: '' }

  constructor(_image: object) {
    super()
    Tray.opened.push(this.#state)
  }

  setToolTip(text: string): void {
    this.#state.tooltip = text
  }

  setContextMenu(menu: MenuEntry[]): void {
    this.#state.menu = menu
  }

  destroy(): void {
    Tray.opened.splice(Tray.opened.indexOf(this.#state), 1)
  }
}

/** What main copied; a test looks here. */
export const clipboard = refuseUnknown('clipboard', {
  text: '',
  async writeText(text: string): Promise<void> {
    this.text = text
  },
})

export const shell = refuseUnknown('shell', {
  /** There is no other browser; a test puts its own function here to see what was handed over. */
  openExternal: async (_url: string): Promise<void> => {},
})

export const dialog = refuseUnknown('dialog', {
  showErrorBox: (title: string, text: string) => console.error(`${title}: ${text}`),
  /** Nobody is there to answer; a test puts its own function here. */
  showMessageBoxSync: (options: { cancelId: number; buttons: string[] }): number => options.cancelId,
})

/** A test makes the computer sleep and wake by `emit`. */
export const powerMonitor = refuseUnknown('powerMonitor', new EventEmitter())

export const nativeTheme = refuseUnknown(
  'nativeTheme',
  Object.assign(new EventEmitter(), { shouldUseDarkColors: false }),
)

const display = { workArea: { x: 0, y: 0, width: 1920, height: 1080 } }
export const screen = refuseUnknown('screen', {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
})

const keyFile = process.env['M3M_STANDIN_KEYCHAIN']

/** A keychain that is a key in a file; without the file there is none, as on a bare Linux desktop. */
export const safeStorage = refuseUnknown('safeStorage', {
  isAsyncEncryptionAvailable: async () => true,
  getSelectedStorageBackend: () => (keyFile ? 'gnome_libsecret' : 'basic_text'),
  async encryptStringAsync(text: string): Promise<Buffer> {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key(), iv)
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body])
  },
  async decryptStringAsync(bytes: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    const decipher = createDecipheriv('aes-256-gcm', key(), bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(12, 28))
    const result = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    return { result, shouldReEncrypt: false }
  },
})

function key(): Buffer {
  if (!keyFile) throw new Error('electron stand-in: there is no keychain')
  if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(32), { mode: 0o600 })
  return readFileSync(keyFile)
}

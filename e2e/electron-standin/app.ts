import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { dialog } from './natives.ts'
import { browser } from './browser.ts'
import { startProtocolServer } from './protocol.ts'
import { refuseUnknown } from './refuse-unknown.ts'

const userData = resolve(process.env['M3M_STANDIN_USER_DATA'] ?? '')

class App extends EventEmitter {
  readonly isPackaged = false
  #ready: Promise<void> | null = null

  whenReady(): Promise<void> {
    this.#ready ??= Promise.all([browser(), startProtocolServer()]).then(() => void this.emit('ready'))
    return this.#ready
  }

  getPath(name: string): string {
    // Where a test looks for what was saved.
    if (name === 'downloads') return resolve(userData, '../downloads')
    if (name !== 'userData') throw new Error(`electron stand-in: app.getPath('${name}') is not implemented`)
    mkdirSync(userData, { recursive: true })
    return userData
  }

  getAppPath(): string {
    return resolve(import.meta.dirname, '../../apps/desktop')
  }

  getVersion(): string {
    return '0.1.0'
  }

  getLocale(): string {
    return 'en-US'
  }

  enableSandbox(): void {}

  requestSingleInstanceLock(): boolean {
    return true
  }

  /** Windows that are to be closed before the app ends; each says whether it did. */
  readonly closers = new Set<() => boolean>()

  quit(): void {
    this.emit('before-quit', {})
    // All are asked, whatever the first of them says.
    if ([...this.closers].map((close) => close()).includes(false)) return
    let prevented = false
    this.emit('will-quit', { preventDefault: () => (prevented = true) })
    if (!prevented) this.exit(0)
  }

  exit(code: number): void {
    process.exit(code)
  }
}

export const app = refuseUnknown('app', new App())

process.on('SIGTERM', () => app.quit())
process.on('disconnect', () => {
  // The test is over; whatever a page would like to keep it has not been asked for.
  dialog.showMessageBoxSync = ({ buttons }) => buttons.length - 1
  app.quit()
})

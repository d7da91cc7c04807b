import type { EventEmitter } from 'node:events'
import { type Clock, type Logger, messageOf } from '@m3m/base'
import type { AppState, UpdateState } from '../../shared/desktop-port.ts'

/** A release a day is plenty; the first look waits until the app is in use. */
const EVERY_MS = 6 * 60 * 60 * 1000
const FIRST_AFTER_MS = 60_000

/** The part of electron-updater's `autoUpdater` that is used. */
export interface Updater extends Pick<EventEmitter, 'on'> {
  channel: string | null
  allowDowngrade: boolean
  autoInstallOnAppQuit: boolean
  checkForUpdates(): Promise<unknown>
  quitAndInstall(): void
}

export interface AppUpdates extends AsyncDisposable {
  state(): UpdateState
  setChannel(channel: AppState['channel']): void
  /** Looks now and downloads what it finds; answers when it knows whether there is one. */
  check(): Promise<void>
  install(): void
}

/**
 * Looks for updates, downloads them and installs at quit. electron-updater checks the SHA-512 of every file and, on
 * macOS and Windows, who signed it.
 *
 * @param updater null for a package that names no place for updates: it never looks
 */
export function createAppUpdates(deps: {
  updater: Updater | null
  channel: AppState['channel']
  clock: Clock
  logger: Logger
  onChange: () => void
}): AppUpdates {
  const { updater, clock, logger, onChange } = deps
  let now: UpdateState = { state: updater ? 'none' : 'off' }
  let cancel = () => {}

  const state = () => now.state

  function become(next: UpdateState): void {
    now = next
    onChange()
  }

  async function check(): Promise<void> {
    // What was downloaded is installed at quit; a further look would only download it anew.
    if (!updater || now.state === 'checking' || now.state === 'downloading' || now.state === 'ready') return
    become({ state: 'checking' })
    try {
      await updater.checkForUpdates()
    } catch (error) {
      // It may have told by its event already.
      if (state() === 'checking') failed(error)
    }
  }

  function failed(error: unknown): void {
    logger.warn(`no update could be looked for: ${messageOf(error)}`)
    become({ state: 'failed', problem: messageOf(error) })
  }

  function setChannel(channel: AppState['channel']): void {
    if (!updater) return
    updater.channel = channel
    // Its setter allows older versions; who leaves the beta channel waits for the next release instead.
    updater.allowDowngrade = false
  }

  function schedule(afterMs: number): void {
    cancel = clock.after(afterMs, () => {
      void check()
      schedule(EVERY_MS)
    })
  }

  if (updater) {
    let version = ''
    updater.autoInstallOnAppQuit = true
    updater.on('update-available', (found: { version: string }) => {
      version = found.version
      become({ state: 'downloading', version, percent: 0 })
    })
    updater.on('download-progress', ({ percent }: { percent: number }) =>
      become({ state: 'downloading', version, percent: Math.round(percent) }),
    )
    updater.on('update-not-available', () => become({ state: 'none' }))
    updater.on('update-downloaded', () => become({ state: 'ready', version }))
    updater.on('error', failed)
    setChannel(deps.channel)
    schedule(FIRST_AFTER_MS)
  }

  return {
    state: () => now,
    setChannel(channel) {
      setChannel(channel)
      void check()
    },
    check,
    install() {
      if (now.state === 'ready') updater?.quitAndInstall()
    },
    async [Symbol.asyncDispose]() {
      cancel()
    },
  }
}

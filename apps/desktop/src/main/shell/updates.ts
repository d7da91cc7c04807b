import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Logger, messageOf } from '@m3m/base'
import { app } from 'electron'

/** A release a day is plenty; the first look waits until the app is in use. */
const EVERY_MS = 6 * 60 * 60 * 1000
const FIRST_AFTER_MS = 60_000

/**
 * Looks for updates where the package was told to (`app-update.yml`, written by packaging when M3M_UPDATE_URL was
 * set), downloads them and installs at quit; the system tells the person. Packages without the file, and an
 * unpackaged app, never look. Signatures are checked by electron-updater on macOS and Windows.
 */
export function watchForUpdates(logger: Logger): void {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return
  const look = async () => {
    try {
      const { default: updater } = await import('electron-updater')
      await updater.autoUpdater.checkForUpdatesAndNotify()
    } catch (error) {
      logger.warn(`no update could be looked for: ${messageOf(error)}`)
    }
  }
  setTimeout(() => void look(), FIRST_AFTER_MS).unref()
  setInterval(() => void look(), EVERY_MS).unref()
}

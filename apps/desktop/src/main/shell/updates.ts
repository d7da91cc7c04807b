import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import type { Updater } from '../app/app-updates.ts'

/**
 * Where packaging was told a place for updates (M3M_UPDATE_URL), it wrote `app-update.yml`. Packages without the file,
 * and an app that is not packaged, have no updater: loading it would already look for that file.
 */
export async function appUpdater(): Promise<Updater | null> {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return null
  const { default: updater } = await import('electron-updater')
  return updater.autoUpdater
}

import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import { createAutostartFile } from '../app/autostart-file.ts'

/** Tells the app that nobody asked to see it: it stays in the tray. */
export const HIDDEN = '--hidden'

export interface LoginItem {
  isOn(): Promise<boolean>
  set(on: boolean): Promise<void>
}

/** Opening at login, by the system's own means; null for an app that is not packaged, which would start Electron itself. */
export function loginItem(): LoginItem | null {
  if (!app.isPackaged) return null
  if (process.platform === 'linux')
    return createAutostartFile({
      configHome: process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'),
      command: [process.env['APPIMAGE'] ?? process.execPath, HIDDEN],
    })
  return {
    isOn: async () => app.getLoginItemSettings({ args: [HIDDEN] }).openAtLogin,
    set: async (on) => app.setLoginItemSettings({ openAtLogin: on, args: [HIDDEN] }),
  }
}

/** Whether the system started the app at login, and nobody waits for a window. */
export function isOpenedAtLogin(): boolean {
  if (process.argv.includes(HIDDEN)) return true
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin
}

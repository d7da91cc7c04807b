import { app } from './app.ts'
import { encode } from './clone.ts'
import { ipcMain } from './ipc-main.ts'
import {
  clipboard,
  dialog,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  safeStorage,
  screen,
  shell,
  Tray,
} from './natives.ts'
import { refuseUnknown } from './refuse-unknown.ts'
import { session } from './session.ts'
import { BaseWindow, WebContentsView } from './windows.ts'

const protocol = refuseUnknown('protocol', { registerSchemesAsPrivileged(_schemes: object[]): void {} })

export { app, BaseWindow, dialog, ipcMain, Menu, nativeTheme, protocol, safeStorage, screen, session, shell }
export { clipboard, nativeImage, Notification, powerMonitor, Tray, WebContentsView }

// What a test asks of main (`desktop.evaluate`), as Playwright's own `electronApp.evaluate` does.
const electron = {
  app,
  BaseWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  safeStorage,
  session,
  shell,
  screen,
  Tray,
}
process.on('message', (message: { type: string; id: number; source: string; argument: unknown }) => {
  if (message.type === 'evaluate') void evaluate(message)
})

async function evaluate({ id, source, argument }: { id: number; source: string; argument: unknown }) {
  try {
    // oxlint-disable-next-line no-implied-eval, no-new-func -- the test's function, sent as text
    const fn = new Function(`return (${source})`)() as (electron: object, argument: unknown) => unknown
    process.send?.({ type: 'result', id, value: encode(await fn(electron, argument)) })
  } catch (error) {
    process.send?.({ type: 'result', id, error: String(error) })
  }
}

import { createLogger, messageOf } from '@m3m/base'
import { app, dialog } from 'electron'
import { APP_ID } from '../../shared/app-id.ts'
import { type ConnectLink, connectLinkIn, parseConnectLink } from '../deep-link.ts'
import { Desktop } from './desktop.ts'
import { isOpenedAtLogin } from './login-item.ts'

/**
 * Runs the app from start to quit. Listeners come first and without waiting: macOS hands a link over before
 * `ready`, and `ready` waits until the main script is loaded, so it may not be awaited at its top level.
 */
export function runDesktop(): void {
  let early: ConnectLink | null = connectLinkIn(process.argv)
  let desktop: Desktop | null = null

  const connect = (link: ConnectLink | null) => {
    if (link === null) desktop?.focus()
    else if (desktop) void desktop.askToConnect(link)
    else early = link
  }
  app.on('open-url', (event, url) => {
    event.preventDefault()
    connect(parseConnectLink(url))
  })
  app.on('second-instance', (_event, argv) => connect(connectLinkIn(argv)))
  // A click on the icon in the Dock: the windows as they are, or those of last time.
  app.on('activate', () => desktop?.focus())
  // The tray stays, and with it the agent of this computer and the watch for crashes.
  app.on('window-all-closed', () => {})
  app.on('before-quit', () => desktop?.remember())
  app.on('will-quit', (event) => {
    if (!desktop) return
    // What was written last is on its way to the disk; the app ends when it is there.
    event.preventDefault()
    const ending = desktop[Symbol.asyncDispose]()
    desktop = null
    void ending.finally(() => app.quit())
  })

  async function open(): Promise<void> {
    // By this id Windows finds the shortcut that the installer made, and shows notifications under its name and icon.
    if (app.isPackaged && process.platform === 'win32') app.setAppUserModelId(APP_ID)
    await app.whenReady()
    // Unpackaged it would be Electron itself that opens links.
    if (app.isPackaged) app.setAsDefaultProtocolClient('m3m')
    const logger = createLogger((line) => console.error(line))
    desktop = await Desktop.open(logger)
    if (early !== null) await desktop.askToConnect(early)
    else if (!isOpenedAtLogin()) await desktop.show()
  }
  open().catch((error: unknown) => {
    dialog.showErrorBox('m3m cannot start', messageOf(error))
    app.exit(1)
  })
}

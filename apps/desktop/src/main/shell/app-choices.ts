import { join } from 'node:path'
import { DisposableStack, type Logger, systemClock } from '@m3m/base'
import { app } from 'electron'
import type { AppState } from '../../shared/desktop-port.ts'
import { openAppSettings } from '../app/app-settings.ts'
import { createAppUpdates } from '../app/app-updates.ts'
import type { AppChoices } from '../port/port-handlers.ts'
import { loginItem } from './login-item.ts'
import { appUpdater } from './updates.ts'

/** The app's own settings and updates: `onChange` gets what a page shows of them. */
export async function openAppChoices(options: {
  logger: Logger
  onChange: (state: AppState) => void
}): Promise<AppChoices & AsyncDisposable> {
  const { logger, onChange } = options
  const ends = new DisposableStack()
  const settings = await openAppSettings(join(app.getPath('userData'), 'settings.json'))
  const login = loginItem()
  let openAtLogin = login === null ? null : await login.isOn()
  const updates = ends.use(
    createAppUpdates({
      updater: await appUpdater(),
      channel: settings.channel(),
      clock: systemClock,
      logger,
      onChange: () => onChange(state()),
    }),
  )

  const state = (): AppState => ({
    version: app.getVersion(),
    openAtLogin,
    channel: settings.channel(),
    update: updates.state(),
  })
  return {
    state,
    async setOpenAtLogin(on) {
      await login?.set(on)
      openAtLogin = login === null ? null : on
      onChange(state())
    },
    async setUpdateChannel(channel) {
      await settings.setChannel(channel)
      updates.setChannel(channel)
      onChange(state())
    },
    checkForUpdate: () => updates.check(),
    installUpdate: () => updates.install(),
    [Symbol.asyncDispose]: () => ends[Symbol.asyncDispose](),
  }
}

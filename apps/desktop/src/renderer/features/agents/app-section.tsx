import type { TFunction } from 'i18next'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppState, UpdateState } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { Button } from '@/ui/button.tsx'
import { Switch } from '@/ui/checkbox.tsx'
import { Label } from '@/ui/label.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'

/** The app itself on this computer: its version, updates, opening at login. */
export function AppSection() {
  const { t } = useTranslation()
  const app = useAppState()
  if (!app) return null
  const { update } = app
  const port = window.m3m!.app
  return (
    <section aria-labelledby="this-app" className="grid gap-3 rounded-md border p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-full gap-1 sm:basis-0">
          <h2 id="this-app" className="text-base font-semibold">
            {t('agents.app.title', { version: app.version })}
          </h2>
          <p role="status" className="text-sm text-muted-foreground">
            {updateText(update, t)}
          </p>
        </div>
        <UpdateButton update={update} />
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3 empty:hidden">
        {update.state === 'off' ? null : (
          <div className="flex items-center gap-2">
            <Label htmlFor="update-channel">{t('agents.app.channel')}</Label>
            <Select
              value={app.channel}
              onValueChange={(channel) =>
                void answerOf(port.setUpdateChannel({ channel: channel as AppState['channel'] })).catch(
                  toastError,
                )
              }
            >
              <SelectTrigger id="update-channel" size="sm" className="w-32">
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                <SelectItem value="latest">{t('agents.app.channels.latest')}</SelectItem>
                <SelectItem value="beta">{t('agents.app.channels.beta')}</SelectItem>
              </SelectContent>
            </Select>
          </div>
        )}
        {app.openAtLogin === null ? null : (
          <label className="flex items-center gap-2 text-sm">
            <Switch
              checked={app.openAtLogin}
              onCheckedChange={(on) => void answerOf(port.setOpenAtLogin({ on })).catch(toastError)}
            />
            {t('agents.app.openAtLogin')}
          </label>
        )}
      </div>
    </section>
  )
}

function UpdateButton({ update }: { update: UpdateState }) {
  const { t } = useTranslation()
  const port = window.m3m!.app
  if (update.state === 'off' || update.state === 'downloading') return null
  if (update.state === 'ready')
    return (
      <Button onClick={() => void answerOf(port.installUpdate()).catch(toastError)}>
        {t('agents.app.install', { version: update.version })}
      </Button>
    )
  return (
    <Button
      variant="outline"
      disabled={update.state === 'checking'}
      onClick={() => void answerOf(port.checkForUpdate()).catch(toastError)}
    >
      {t('agents.app.check')}
    </Button>
  )
}

function updateText(update: UpdateState, t: TFunction): string {
  switch (update.state) {
    case 'downloading':
      return t('agents.app.update.downloading', { version: update.version, percent: update.percent })
    case 'ready':
      return t('agents.app.update.ready', { version: update.version })
    case 'failed':
      return t('agents.app.update.failed', { problem: update.problem })
    default:
      return t(`agents.app.update.${update.state}`)
  }
}

function useAppState(): AppState | null {
  const [app, setApp] = useState<AppState | null>(null)
  useEffect(() => {
    const port = window.m3m
    if (!port) return
    answerOf(port.app.state()).then(setApp, toastError)
    return port.on('app', setApp)
  }, [])
  return app
}

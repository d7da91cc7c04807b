import { useEffect, useLayoutEffect, useRef, useState, type UIEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { LocalAgentState } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { toastError } from '@/app/errors/toast-error.ts'
import { Button } from '@/ui/button.tsx'
import { Switch } from '@/ui/checkbox.tsx'
import { cn } from '@/ui/cn.ts'
import { Dialog, DialogContent, DialogHeader } from '@/ui/dialog.tsx'
import { LocalAgentDialog } from './local-agent-dialog.tsx'
import { useTask } from './use-task.ts'

/** A local file, read by the app itself. */
const LOG_EVERY_MS = 1_000
/** About a line: so near counts as the end. */
const END_PX = 24

/** The agent that the app runs on this computer: made in one dialog, then started and stopped here. */
export function LocalAgent() {
  const { t } = useTranslation()
  const local = useLocalAgent()
  const [isOpen, setOpen] = useState(false)
  if (!local || local.state === 'unavailable') return null
  return (
    <section aria-labelledby="local-agent" className="grid gap-3 rounded-md border p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-full gap-1 sm:basis-0">
          <h2 id="local-agent" className="text-base font-semibold">
            {t('agents.local.title')}
          </h2>
          {local.state === 'absent' ? (
            <p className="text-sm text-muted-foreground">{t('agents.local.hint')}</p>
          ) : (
            <LocalState local={local} />
          )}
        </div>
        {local.state === 'absent' ? (
          <Button onClick={() => setOpen(true)}>{t('agents.local.create')}</Button>
        ) : (
          <LocalButtons local={local} />
        )}
      </div>
      {local.state === 'failed' && local.problem ? (
        <pre className="max-h-40 overflow-auto rounded-md border bg-muted/50 p-2 whitespace-pre-wrap">
          {local.problem}
        </pre>
      ) : null}
      {local.state === 'absent' ? null : <StartWithApp local={local} />}
      {isOpen ? <LocalAgentDialog onClose={() => setOpen(false)} /> : null}
    </section>
  )
}

const DOT = {
  running: 'bg-running',
  starting: 'bg-moving breathe',
  stopping: 'bg-moving breathe',
  failed: 'bg-crashed',
  stopped: 'bg-stopped',
  absent: 'bg-stopped',
  unavailable: 'bg-stopped',
} as const

function LocalState({ local }: { local: LocalAgentState }) {
  const { t } = useTranslation()
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted-foreground">
      <span aria-hidden className={cn('size-2 shrink-0 rounded-full', DOT[local.state])} />
      {t(`agents.local.state.${local.state}`)}
      {local.version === null ? null : `· m3m ${local.version}`}
      {local.url === null ? null : <code className="break-all">{local.url}</code>}
    </p>
  )
}

function LocalButtons({ local }: { local: LocalAgentState }) {
  const { t } = useTranslation()
  const [isLogOpen, setLogOpen] = useState(false)
  const start = useTask(async () => void (await answerOf(window.m3m!.local.start())))
  const stop = useTask(async () => void (await answerOf(window.m3m!.local.stop())))
  const upgrade = useTask(async () => void (await answerOf(window.m3m!.local.upgrade())))
  const isMoving = local.state === 'starting' || local.state === 'stopping'
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button variant="ghost" className="max-sm:-ml-3" onClick={() => setLogOpen(true)}>
          {t('agents.local.log')}
        </Button>
        {local.upgradeTo === null ? null : (
          <Button disabled={isMoving || upgrade.isPending} onClick={upgrade.start}>
            {t('agents.local.upgrade', { version: local.upgradeTo })}
          </Button>
        )}
        {local.state === 'running' ? (
          <Button variant="outline" onClick={stop.start}>
            {t('agents.local.stop')}
          </Button>
        ) : (
          <Button disabled={isMoving} onClick={start.start}>
            {t('agents.local.start')}
          </Button>
        )}
      </div>
      {upgrade.error ? <ErrorState error={upgrade.error} className="w-full" /> : null}
      {stop.error ? <ErrorState error={stop.error} className="w-full" /> : null}
      {isLogOpen ? <LogDialog onClose={() => setLogOpen(false)} /> : null}
    </>
  )
}

/** The end of the agent's log, read again each second while it is looked at: a start is followed as it goes. */
function LogDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { log, error } = useFollowedLog()
  const { box, onScroll } = usePinnedToEnd(log)
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="sm:max-w-3xl">
        <DialogHeader title={t('agents.local.logTitle')} />
        {error ? <ErrorState error={error} /> : null}
        <pre
          ref={box}
          onScroll={onScroll}
          tabIndex={0}
          aria-label={t('agents.local.logTitle')}
          className="max-h-[60vh] overflow-auto rounded-md border bg-muted/50 p-3 whitespace-pre-wrap"
        >
          {log === '' ? t('agents.local.noLog') : log}
        </pre>
      </DialogContent>
    </Dialog>
  )
}

/** The list of agents stands outside of any agent's panel, and so of its queries. */
function useFollowedLog() {
  const [read, setRead] = useState<{ log?: string; error?: unknown }>({})
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOpen = true
    const look = async () => {
      const next = await answerOf(window.m3m!.local.log()).then(
        (log) => ({ log }),
        (error: unknown) => ({ error }),
      )
      if (!isOpen) return
      setRead((before) => ({ ...before, error: undefined, ...next }))
      timer = setTimeout(() => void look(), LOG_EVERY_MS)
    }
    void look()
    return () => {
      isOpen = false
      clearTimeout(timer)
    }
  }, [])
  return read
}

/** Shows the end of what grows, unless somebody has scrolled away from it to read. */
function usePinnedToEnd(text: string | undefined) {
  const box = useRef<HTMLPreElement>(null)
  const isAtEnd = useRef(true)
  useLayoutEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight
  }, [text])
  const onScroll = ({ currentTarget: at }: UIEvent<HTMLElement>) => {
    isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < END_PX
  }
  return { box, onScroll }
}

function StartWithApp({ local }: { local: LocalAgentState }) {
  const { t } = useTranslation()
  const change = (on: boolean) => void answerOf(window.m3m!.local.setStartWithApp({ on })).catch(toastError)
  return (
    <label className="flex items-center gap-2 text-sm">
      <Switch checked={local.startWithApp} onCheckedChange={change} />
      {t('agents.local.startWithApp')}
    </label>
  )
}

function useLocalAgent(): LocalAgentState | null {
  const [local, setLocal] = useState<LocalAgentState | null>(null)
  useEffect(() => {
    const port = window.m3m
    if (!port) return
    answerOf(port.local.state()).then(setLocal, toastError)
    return port.on('local', setLocal)
  }, [])
  return local
}

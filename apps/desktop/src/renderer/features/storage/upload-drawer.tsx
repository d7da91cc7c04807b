import { CheckIcon, ChevronDownIcon, ChevronUpIcon, CircleAlertIcon, RotateCwIcon, XIcon } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError, OFFLINE } from '@/app/errors/describe-error.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { ProgressBar } from '@/ui/progress-bar.tsx'
import { nameOf } from './entries.ts'
import { isEnded, type UploadItem, type UploadQueue } from './upload-queue.ts'

/** Rows drawn at once; what is under way or failed comes first. */
const MAX_ROWS = 100

/** What is being uploaded, at the foot of the page: progress, cancel, go on, and the one question. */
export function UploadDrawer({ queue }: { queue: UploadQueue }) {
  const { t } = useTranslation()
  const items = useSyncExternalStore(queue.subscribe, queue.items)
  const [isFolded, setFolded] = useState(false)
  if (items.length === 0) return null
  const counts = countStates(items)
  const title = t(...titleOf(counts))
  return (
    <section
      aria-label={t('storage.uploads.title')}
      className="absolute right-3 bottom-3 left-3 z-30 overflow-hidden rounded-md border bg-popover text-popover-foreground shadow-lg sm:left-auto sm:w-96"
    >
      <Header title={title} counts={counts} queue={queue} isFolded={isFolded} onFold={setFolded} />
      <ProgressBar share={counts.totalBytes === 0 ? 1 : counts.sentBytes / counts.totalBytes} label={title} />
      {counts.exists > 0 ? <ExistsQuestion count={counts.exists} queue={queue} /> : null}
      {isFolded ? null : (
        <ul className="max-h-64 overflow-y-auto py-1">
          {items
            .toSorted((a, b) => rank(a) - rank(b))
            .slice(0, MAX_ROWS)
            .map((item) => (
              <Row key={item.id} item={item} queue={queue} />
            ))}
        </ul>
      )}
    </section>
  )
}

type Counts = ReturnType<typeof countStates>

function countStates(items: readonly UploadItem[]) {
  const inState = (wanted: UploadItem['state']) => items.filter(({ state }) => state === wanted).length
  return {
    active: items.filter((item) => !isEnded(item)).length,
    failed: inState('failed'),
    exists: inState('exists'),
    done: inState('done'),
    totalBytes: items.reduce((sum, { file }) => sum + file.size, 0),
    sentBytes: items.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
  }
}

/** The text that says most: what is under way, else what failed, else what is done. */
function titleOf({ active, failed, done }: Counts) {
  if (active > 0) return ['storage.uploads.active', { count: active }] as const
  if (failed > 0) return ['storage.uploads.failed', { count: failed }] as const
  return ['storage.uploads.done', { count: done }] as const
}

interface HeaderProps {
  title: string
  counts: Counts
  queue: UploadQueue
  isFolded: boolean
  onFold: (isFolded: boolean) => void
}

function Header({ title, counts, queue, isFolded, onFold }: HeaderProps) {
  const { t } = useTranslation()
  return (
    <header className="flex h-10 items-center gap-1 border-b px-3">
      <h2 className="min-w-0 flex-1 truncate text-sm font-medium" aria-live="polite">
        {title}
      </h2>
      {counts.failed > 0 ? (
        <Button size="sm" variant="ghost" onClick={() => queue.retry()}>
          <RotateCwIcon /> {t('storage.uploads.retryAll')}
        </Button>
      ) : null}
      {counts.active > 0 ? (
        <Button size="sm" variant="ghost" onClick={() => queue.cancel()}>
          {t('storage.uploads.cancelAll')}
        </Button>
      ) : null}
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t(isFolded ? 'storage.uploads.unfold' : 'storage.uploads.fold')}
        aria-expanded={!isFolded}
        onClick={() => onFold(!isFolded)}
      >
        {isFolded ? <ChevronUpIcon /> : <ChevronDownIcon />}
      </Button>
      {counts.active === 0 ? (
        <Button variant="ghost" size="icon-sm" aria-label={t('storage.uploads.clear')} onClick={queue.clear}>
          <XIcon />
        </Button>
      ) : null}
    </header>
  )
}

function ExistsQuestion({ count, queue }: { count: number; queue: UploadQueue }) {
  const { t } = useTranslation()
  return (
    <div role="alert" className="flex items-center gap-2 border-b bg-muted/50 px-3 py-2 text-sm">
      <span className="flex-1">{t('storage.uploads.exists', { count })}</span>
      <Button size="sm" variant="outline" onClick={() => queue.answerExists(false)}>
        {t('storage.uploads.skip')}
      </Button>
      <Button size="sm" onClick={() => queue.answerExists(true)}>
        {t('storage.uploads.overwrite')}
      </Button>
    </div>
  )
}

const ORDER = ['failed', 'exists', 'sending', 'waiting', 'skipped', 'cancelled', 'done'] as const
const rank = ({ state }: UploadItem) => ORDER.indexOf(state)

function Row({ item, queue }: { item: UploadItem; queue: UploadQueue }) {
  const { t } = useTranslation()
  const name = nameOf(item.path)
  return (
    <li className="grid grid-cols-[1fr_auto] items-center gap-x-2 px-3 py-1">
      <span className="truncate text-sm" title={item.path}>
        {name}
      </span>
      {item.state === 'done' ? (
        <CheckIcon className="size-4 text-running" aria-hidden />
      ) : item.state === 'failed' ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('storage.uploads.retry', { name })}
          onClick={() => queue.retry(item.id)}
        >
          <RotateCwIcon />
        </Button>
      ) : isEnded(item) ? (
        <span className="size-4" />
      ) : (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('storage.uploads.cancel', { name })}
          onClick={() => queue.cancel(item.id)}
        >
          <XIcon />
        </Button>
      )}
      <Note item={item} />
    </li>
  )
}

function Note({ item }: { item: UploadItem }) {
  const { t, i18n } = useTranslation()
  const { state, sentBytes, file } = item
  const size = formatBytes(file.size, i18n.language)
  if (state === 'failed') {
    const { code, message } = describeError(item.error)
    return (
      <p className="col-span-2 flex gap-1.5 text-xs text-destructive">
        <CircleAlertIcon className="mt-px size-3.5 shrink-0" />
        {code === OFFLINE ? t('error.unreachable') : message}
      </p>
    )
  }
  const text = {
    waiting: t('storage.uploads.waiting'),
    exists: t('storage.uploads.exists', { count: 1 }),
    cancelled: t('storage.uploads.cancelled'),
    skipped: t('storage.uploads.skipped'),
    done: size,
    sending: `${formatBytes(sentBytes, i18n.language)} / ${size}`,
  }[state]
  return (
    <div className="col-span-2 grid gap-1">
      <p className="text-xs text-muted-foreground tabular">{text}</p>
      {state === 'sending' ? (
        <ProgressBar share={file.size === 0 ? 0 : sentBytes / file.size} label={nameOf(item.path)} />
      ) : null}
    </div>
  )
}

import { MAX_TEXT_BYTES, revealedText, type StoredEntry } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { DownloadIcon, LinkIcon, Maximize2Icon, Minimize2Icon, XIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { hasErrorCode } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { fileKind, hasPreview, kindIcon } from '@/app/files/file-kind.ts'
import { usePreview } from '@/app/files/use-preview.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { formatBytes, formatDateTime } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { HonestName } from '@/ui/honest-name.tsx'
import { TextEditor } from './text-editor.tsx'

/** Monaco colours no more than this at once without a pause one feels. */
const MAX_SHOWN_TEXT_BYTES = Math.min(MAX_TEXT_BYTES, 2_000_000)
/** Tickets live for 5 minutes; a player that is opened later gets another. */
const TICKET_FRESH_MS = 4 * 60_000

interface PreviewPaneProps {
  projectId: string
  path: string
  mayWrite: boolean
  isWide: boolean
  onWiden: (() => void) | null
  onDownload: (entry: StoredEntry) => void
  onLink: (entry: StoredEntry) => void
  onSaved: () => void
  onClose: () => void
}

/** One file: seen, heard, read or edited, and what is known of it. */
export function PreviewPane(props: PreviewPaneProps) {
  const { projectId, path, mayWrite, isWide, onWiden, onDownload, onLink, onClose } = props
  const { t } = useTranslation()
  const trpc = useTRPC()
  const stat = useQuery(trpc.storage.stat.queryOptions({ projectId, path }))
  const entry = stat.data
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (
    <section
      aria-label={t('storage.preview')}
      className="flex h-full min-h-0 min-w-0 flex-1 flex-col bg-background"
    >
      <header className="flex h-11 shrink-0 items-center gap-1 border-b pr-2 pl-3">
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold" title={revealedText(path)}>
          <HonestName name={name} />
        </h2>
        {entry ? (
          <>
            {mayWrite ? (
              <PaneButton label={t('storage.getLink')} onClick={() => onLink(entry)}>
                <LinkIcon />
              </PaneButton>
            ) : null}
            <PaneButton label={t('storage.download')} onClick={() => onDownload(entry)}>
              <DownloadIcon />
            </PaneButton>
          </>
        ) : null}
        {onWiden ? (
          <PaneButton label={t(isWide ? 'storage.narrow' : 'storage.widen')} onClick={onWiden}>
            {isWide ? <Minimize2Icon /> : <Maximize2Icon />}
          </PaneButton>
        ) : null}
        <PaneButton label={t('storage.closePreview')} onClick={onClose}>
          <XIcon />
        </PaneButton>
      </header>
      {stat.error ? (
        <ErrorState error={stat.error} onRetry={() => void stat.refetch()} className="m-3" />
      ) : entry ? (
        <Content key={entry.path} {...props} entry={entry} />
      ) : (
        <SkeletonRows rows={5} />
      )}
    </section>
  )
}

function PaneButton({
  label,
  onClick,
  children,
}: {
  label: string
  onClick: () => void
  children: ReactNode
}) {
  return (
    <Button variant="ghost" size="icon-sm" aria-label={label} title={label} onClick={onClick}>
      {children}
    </Button>
  )
}

type Shown = PreviewPaneProps & { entry: StoredEntry & { mimeType: string | null } }

function Content(props: Shown) {
  const { entry } = props
  const type = entry.mimeType ?? ''
  if (hasPreview(entry.name) && type.startsWith('image/')) return <Picture {...props} />
  if (/^(?:video|audio)\//.test(type)) return <Player {...props} isVideo={type.startsWith('video/')} />
  const isText = /^text\/|json|yaml|xml|javascript|typescript/.test(type) && !/openxml/.test(type)
  if (!isText) return <Facts {...props} note={<NoPreview />} />
  return entry.sizeBytes > MAX_SHOWN_TEXT_BYTES ? (
    <Facts {...props} note={<TooLarge {...props} />} />
  ) : (
    <Text {...props} />
  )
}

function Picture(props: Shown) {
  const { projectId, entry } = props
  const { url, error } = usePreview({ projectId, path: entry.path, size: 1024, version: entry.updatedAt })
  const note = error ? (
    <ErrorState error={error} className="max-w-md" />
  ) : url ? (
    <img
      src={url}
      alt={revealedText(entry.name)}
      className="max-h-full max-w-full rounded-sm object-contain"
    />
  ) : (
    <div className="size-40 animate-pulse rounded-md bg-muted" />
  )
  return <Facts {...props} note={note} isPicture />
}

/** Streamed by the browser in ranges, by a ticket: media elements send no token. */
function Player(props: Shown & { isVideo: boolean }) {
  const { projectId, entry, isVideo } = props
  const { connection } = usePanel()
  const client = useTRPCClient()
  const ticket = useQuery({
    queryKey: ['storage-ticket', projectId, entry.path],
    queryFn: () => client.storage.ticket.mutate({ projectId, paths: [entry.path] }),
    staleTime: TICKET_FRESH_MS,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const src = ticket.data ? connection.baseUrl + ticket.data.urls[0] : undefined
  const note = ticket.error ? (
    <ErrorState error={ticket.error} />
  ) : isVideo ? (
    // oxlint-disable-next-line jsx-a11y/media-has-caption -- what operators stored has no captions of ours
    <video src={src} controls className="max-h-full max-w-full rounded-sm bg-black" />
  ) : (
    // oxlint-disable-next-line jsx-a11y/media-has-caption -- what operators stored has no captions of ours
    <audio src={src} controls className="w-full max-w-md" />
  )
  return <Facts {...props} note={note} isPicture />
}

function Text(props: Shown) {
  const { projectId, entry, mayWrite, onSaved } = props
  const trpc = useTRPC()
  const text = useQuery(
    trpc.storage.readText.queryOptions(
      { projectId, path: entry.path },
      { refetchOnMount: 'always', staleTime: 0, retry: false },
    ),
  )
  if (text.error && hasErrorCode(text.error, 'STORAGE_NOT_TEXT'))
    return <Facts {...props} note={<NoPreview />} />
  if (text.error && !text.data)
    return <ErrorState error={text.error} onRetry={() => void text.refetch()} className="m-3" />
  // Not what was there before: the second editor would begin with an old version.
  if (!text.data || (!text.isFetchedAfterMount && text.isFetching)) return <SkeletonRows rows={6} />
  return (
    <TextEditor projectId={projectId} entry={entry} text={text.data} mayWrite={mayWrite} onSaved={onSaved} />
  )
}

function NoPreview() {
  const { t } = useTranslation()
  return <p className="text-sm text-muted-foreground">{t('storage.noPreview')}</p>
}

function TooLarge({ entry }: Shown) {
  const { t, i18n } = useTranslation()
  return (
    <p className="text-center text-sm text-muted-foreground">
      {t('storage.tooLarge', { size: formatBytes(entry.sizeBytes, i18n.language) })}
    </p>
  )
}

function Facts({ entry, note, isPicture = false }: Shown & { note: ReactNode; isPicture?: boolean }) {
  const { t, i18n } = useTranslation()
  const Icon = kindIcon(fileKind(entry.name))
  const facts = [
    [t('storage.facts.type'), entry.mimeType ?? ''],
    [t('storage.facts.size'), formatBytes(entry.sizeBytes, i18n.language)],
    [t('storage.facts.changed'), formatDateTime(entry.updatedAt)],
    [t('storage.facts.path'), revealedText(entry.path)],
  ]
  return (
    <>
      <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-3 overflow-hidden bg-muted/40 p-4">
        {isPicture ? null : <Icon className="size-14 text-muted-foreground" strokeWidth={1} aria-hidden />}
        {note}
      </div>
      <dl className="grid shrink-0 grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 border-t p-3 text-xs">
        {facts.map(([term, fact]) => (
          <div key={term} className="contents">
            <dt className="text-muted-foreground">{term}</dt>
            <dd className="break-words">{fact}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

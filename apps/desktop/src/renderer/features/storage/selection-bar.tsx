import type { StoredEntry } from '@m3m/core/client'
import { ClipboardPasteIcon, CopyIcon, DownloadIcon, FolderInputIcon, Trash2Icon, XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { ProgressBar } from '@/ui/progress-bar.tsx'

interface FootProps {
  /** What the list has now. */
  shown: readonly StoredEntry[]
  usedBytes: number
  quotaBytes: number | null
  selected: readonly StoredEntry[]
  mayWrite: boolean
  /** How many items wait to be pasted. */
  held: number
  onPaste: () => void
  onAction: (action: 'download' | 'move' | 'copy' | 'remove') => void
  onClear: () => void
}

/** Below the list: what is chosen and what can be done with it; otherwise how full the storage is. */
export function StorageFoot(props: FootProps) {
  const { selected, mayWrite, held, onPaste, onAction, onClear } = props
  const { t, i18n } = useTranslation()
  const sizeBytes = selected.reduce((sum, entry) => sum + entry.sizeBytes, 0)
  return (
    <footer className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-t px-3 py-1 text-xs text-muted-foreground">
      {selected.length > 0 ? (
        <>
          <span aria-live="polite" className="tabular">
            {t('storage.selected', { count: selected.length })}
            {sizeBytes > 0 ? ` · ${formatBytes(sizeBytes, i18n.language)}` : ''}
          </span>
          <span className="flex items-center gap-0.5">
            <Button variant="ghost" size="sm" onClick={() => onAction('download')}>
              <DownloadIcon /> {t('storage.download')}
            </Button>
            {mayWrite ? (
              <>
                <Button variant="ghost" size="sm" onClick={() => onAction('move')}>
                  <FolderInputIcon /> {t('storage.move')}
                </Button>
                <Button variant="ghost" size="sm" onClick={() => onAction('copy')}>
                  <CopyIcon /> {t('storage.copy')}
                </Button>
                <Button
                  variant="ghost"
                  size="sm"
                  className="text-destructive"
                  onClick={() => onAction('remove')}
                >
                  <Trash2Icon /> {t('action.delete')}
                </Button>
              </>
            ) : null}
            <Button variant="ghost" size="icon-sm" aria-label={t('storage.clearSelection')} onClick={onClear}>
              <XIcon />
            </Button>
          </span>
        </>
      ) : (
        <Counts entries={props.shown} />
      )}
      {held > 0 ? (
        <Button variant="outline" size="sm" onClick={onPaste}>
          <ClipboardPasteIcon /> {t('storage.paste', { count: held })}
        </Button>
      ) : null}
      <Quota usedBytes={props.usedBytes} quotaBytes={props.quotaBytes} />
    </footer>
  )
}

/** Files and folders; no word of a kind that there is none of. */
function Counts({ entries }: { entries: readonly StoredEntry[] }) {
  const { t } = useTranslation()
  const files = entries.filter(({ kind }) => kind === 'file').length
  const folders = entries.length - files
  return (
    <span className="tabular">
      {[
        folders > 0 && t('storage.foldersCount', { count: folders }),
        (files > 0 || folders === 0) && t('storage.filesCount', { count: files }),
      ]
        .filter(Boolean)
        .join(' · ')}
    </span>
  )
}

function Quota({ usedBytes, quotaBytes }: { usedBytes: number; quotaBytes: number | null }) {
  const { t, i18n } = useTranslation()
  const used = formatBytes(usedBytes, i18n.language)
  if (quotaBytes === null) return <span className="ml-auto tabular">{t('storage.used', { used })}</span>
  return (
    <span className="ml-auto flex items-center gap-2">
      <ProgressBar
        share={usedBytes / quotaBytes}
        label={t('storage.quotaLabel')}
        warnsAt={0.95}
        className="w-24"
      />
      <span className="tabular">
        {t('storage.quota', { used, quota: formatBytes(quotaBytes, i18n.language) })}
      </span>
    </span>
  )
}

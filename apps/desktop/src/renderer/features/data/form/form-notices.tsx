import { HistoryIcon, UsersIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import type { RecordDraft } from './record-drafts.ts'

interface NoticeProps {
  icon: ReactNode
  children: ReactNode
  actions: ReactNode
}

function Notice({ icon, children, actions }: NoticeProps) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-2 rounded-md border bg-muted/60 px-3 py-2 text-sm [&>svg]:size-4 [&>svg]:text-muted-foreground"
    >
      {icon}
      <span className="min-w-40 flex-1">{children}</span>
      <span className="flex gap-1.5">{actions}</span>
    </div>
  )
}

interface DraftNoticeProps {
  draft: RecordDraft
  /** The record was saved by somebody since the draft was made. */
  isStale: boolean
  onRestore: () => void
  onDrop: () => void
}

/** Changes that were typed here before and never saved. */
export function DraftNotice({ draft, isStale, onRestore, onDrop }: DraftNoticeProps) {
  const { t } = useTranslation()
  return (
    <Notice
      icon={<HistoryIcon />}
      actions={
        <>
          <Button variant="ghost" size="sm" onClick={onDrop}>
            {t('record.dropDraft')}
          </Button>
          <Button variant="outline" size="sm" onClick={onRestore}>
            {t('record.restoreDraft')}
          </Button>
        </>
      }
    >
      {t('record.draft', { count: Object.keys(draft.changes).length })}{' '}
      <TimeAgo at={new Date(draft.at).toISOString()} />
      {isStale ? <span className="block text-xs text-muted-foreground">{t('record.draftStale')}</span> : null}
    </Notice>
  )
}

/** The record moved on while it is edited here. */
export function ChangedNotice({ onReview }: { onReview: () => void }) {
  const { t } = useTranslation()
  return (
    <Notice
      icon={<UsersIcon />}
      actions={
        <Button variant="outline" size="sm" onClick={onReview}>
          {t('record.review')}
        </Button>
      }
    >
      {t('record.changedMeanwhile')}
    </Notice>
  )
}

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '@/ui/copy-button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'

interface NoGoalsProps {
  icon: ReactNode
  title: string
  hint: string
  /** The line that counts; `null` where it would not help. */
  code: string | null
  action: ReactNode
}

/** What goals are for, in one line of code. */
export function NoGoals({ icon, title, hint, code, action }: NoGoalsProps) {
  const { t } = useTranslation()
  return (
    <div className="rounded-md border">
      <EmptyState icon={icon} title={title} action={action}>
        <p>{hint}</p>
        {code ? (
          <div className="mt-2 inline-flex items-center gap-1 rounded-md border bg-muted/40 py-0.5 pr-0.5 pl-2.5">
            <code className="text-foreground">{code}</code>
            <CopyButton value={code} label={t('goals.copy', { code })} />
          </div>
        ) : null}
      </EmptyState>
    </div>
  )
}

import { CircleAlertIcon, RotateCwIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { CopyButton } from '@/ui/copy-button.tsx'
import { describeError, errorDetails, OFFLINE } from './describe-error.ts'

interface ErrorStateProps {
  error: unknown
  onRetry?: () => void
  className?: string
}

/** What went wrong, its code, what to do, and the details for a report. */
export function ErrorState({ error, onRetry, className }: ErrorStateProps) {
  const { t } = useTranslation()
  const shape = describeError(error)
  const text = shape.code === OFFLINE ? t('error.unreachable') : shape.message
  return (
    <div
      role="alert"
      className={cn('flex gap-3 rounded-md border border-destructive/30 bg-destructive/5 p-3', className)}
    >
      <CircleAlertIcon className="mt-0.5 size-4 shrink-0 text-destructive" />
      <div className="grid min-w-0 gap-2">
        <p className="text-sm break-words whitespace-pre-wrap">{text}</p>
        <div className="flex flex-wrap items-center gap-2 text-xs text-muted-foreground">
          <code>{shape.code}</code>
          {shape.position ? (
            <code>
              {shape.position.file}:{shape.position.line}:{shape.position.column}
            </code>
          ) : null}
          <CopyButton
            size="sm"
            showLabel
            label={t('error.copyDetails')}
            value={errorDetails(error, location.pathname)}
          />
          {onRetry ? (
            <Button variant="outline" size="sm" onClick={onRetry}>
              <RotateCwIcon /> {t('action.retry')}
            </Button>
          ) : null}
        </div>
      </div>
    </div>
  )
}

import type { ErrorShape, SourcePosition } from '@m3m/base'
import { CircleAlertIcon, RotateCwIcon } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { usePanelReach } from '@/app/session/panel.tsx'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { CopyButton } from '@/ui/copy-button.tsx'
import { describeError, errorDetails, OFFLINE } from './describe-error.ts'
import { errorText } from './error-text.ts'

interface ErrorStateProps {
  error: unknown
  onRetry?: () => void
  /** Where the error names a place in the source: goes there. */
  onOpenPlace?: (place: SourcePosition) => void
  className?: string
}

/** What went wrong, its code, what to do, and the details for a report. */
export function ErrorState({ error, onRetry, onOpenPlace, className }: ErrorStateProps) {
  const { t } = useTranslation()
  const shape = describeError(error)
  const isBack = useCameBack(shape.code === OFFLINE)
  return (
    <div
      role="alert"
      className={cn('flex gap-3 rounded-md border border-destructive/30 bg-destructive/5 p-3', className)}
    >
      <CircleAlertIcon className="mt-0.5 size-4 shrink-0 text-destructive" />
      <div className="grid min-w-0 gap-2">
        <p className="text-sm break-words whitespace-pre-wrap">
          {isBack ? t('error.wasUnreachable') : errorText(shape, t)}
        </p>
        <FieldProblems fields={shape.fields} />
        <div className="flex flex-wrap items-center gap-2 text-xs text-muted-foreground">
          <code>{shape.code}</code>
          {shape.position ? <Place position={shape.position} onOpen={onOpenPlace} /> : null}
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

/** As many as a person reads at once. */
const MAX_PROBLEMS = 5

/** What is wrong with which field, for forms that have no place for it at that field. */
function FieldProblems({ fields = {} }: { fields: ErrorShape['fields'] | undefined }) {
  const problems = Object.entries(fields)
  if (problems.length === 0) return null
  return (
    <ul className="grid gap-0.5 text-xs">
      {problems.slice(0, MAX_PROBLEMS).map(([path, { message }]) => (
        <li key={path} className="break-words">
          <code className="text-muted-foreground">{path}</code> {message}
        </li>
      ))}
      {problems.length > MAX_PROBLEMS ? <li>…</li> : null}
    </ul>
  )
}

/** For an error that says that the agent is away: whether it came back since, so that it says that no more. */
function useCameBack(isAway: boolean): boolean {
  const reach = usePanelReach()
  const now = useSyncExternalStore(reach?.subscribe ?? NEVER, reach?.current ?? ONLINE)
  const [wasLost, setWasLost] = useState(false)
  if (isAway && now !== 'online' && !wasLost) setWasLost(true)
  return isAway && wasLost && now === 'online'
}

const NEVER = () => () => {}
const ONLINE = () => 'online' as const

interface PlaceProps {
  position: SourcePosition
  onOpen: ((place: SourcePosition) => void) | undefined
}

function Place({ position, onOpen }: PlaceProps) {
  const text = `${position.file}:${position.line}:${position.column}`
  if (!onOpen) return <code>{text}</code>
  return (
    <button
      type="button"
      onClick={() => onOpen(position)}
      className="rounded-xs font-mono underline decoration-dotted underline-offset-2 hover:text-foreground"
    >
      {text}
    </button>
  )
}

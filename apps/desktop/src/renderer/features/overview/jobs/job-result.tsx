import { CheckIcon, ClockAlertIcon, LoaderCircleIcon, SkipForwardIcon, UnplugIcon, XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { reasonText } from '@/app/errors/describe-error.ts'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { cn } from '@/ui/cn.ts'

export type JobTime = Outputs['jobs']['history'][number]

const ICONS = {
  running: LoaderCircleIcon,
  done: CheckIcon,
  failed: XIcon,
  'timed-out': ClockAlertIcon,
  interrupted: UnplugIcon,
  skipped: SkipForwardIcon,
}
const TINTS = {
  running: 'text-moving',
  done: 'text-running',
  failed: 'text-crashed',
  'timed-out': 'text-crashed',
  interrupted: 'text-limited',
  skipped: 'text-muted-foreground',
}

/** How a time a job ran went, by icon and word; the word alone for screen readers where there is no room. */
export function JobResult({ time, withoutWord = false }: { time: JobTime; withoutWord?: boolean }) {
  const { t } = useTranslation()
  const Icon = ICONS[time.result]
  const word = t(`jobs.result.${time.result}`)
  return (
    <span
      className={cn('inline-flex items-center gap-1 text-xs font-medium', TINTS[time.result])}
      title={time.error ? `${word}: ${reasonText(time.error)}` : word}
    >
      <Icon
        aria-hidden
        className={cn('size-3.5', time.result === 'running' && 'animate-spin motion-reduce:animate-none')}
      />
      <span className={withoutWord ? 'sr-only' : ''}>{word}</span>
    </span>
  )
}

import { Link } from '@tanstack/react-router'
import { CircleXIcon, InfoIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { reasonText } from '@/app/errors/describe-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import type { RunState } from '@/app/project/run-state.ts'
import { cn } from '@/ui/cn.ts'

/** Why nothing runs, or why the run before this one ended; with the place in the source. */
export function WhyEnded({ state }: { state: RunState | undefined }) {
  const { t } = useTranslation()
  const project = useProject()
  const observed = state?.observed
  if (!observed?.reason) return null
  const { reason } = observed
  const isCrash = observed.state === 'crashed'
  const Icon = isCrash ? CircleXIcon : InfoIcon
  return (
    <div
      role={isCrash ? 'alert' : 'note'}
      className={cn(
        'flex gap-2.5 rounded-md border px-3 py-2 text-sm',
        isCrash ? 'border-crashed/30 bg-crashed/5' : 'bg-muted/50',
      )}
    >
      <Icon className={cn('mt-0.5 size-4 shrink-0', isCrash ? 'text-crashed' : 'text-muted-foreground')} />
      <div className="min-w-0">
        <p className="break-words">
          <span className="font-medium">{t(isCrash ? 'overview.whyCrashed' : 'overview.whyEnded')}</span>{' '}
          {reasonText(reason)}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-muted-foreground">
          <code>{reason.code}</code>
          {reason.position ? (
            <Link
              to="/projects/$slug/pipeline"
              params={{ slug: project.slug }}
              search={{
                ...(observed.branch && { branch: observed.branch }),
                file: reason.position.file,
                line: reason.position.line,
                column: reason.position.column,
              }}
              className="font-mono underline underline-offset-2 hover:text-foreground"
            >
              {reason.position.file}:{reason.position.line}:{reason.position.column}
            </Link>
          ) : null}
        </p>
      </div>
    </div>
  )
}

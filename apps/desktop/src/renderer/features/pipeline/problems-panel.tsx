import { CircleCheckIcon, CircleDashedIcon, CircleXIcon, TriangleAlertIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/empty-state.tsx'
import type { EditorSession } from './use-editor-session.ts'

/** What the compiler, the language service and the run complain of; a click goes there. */
export function ProblemsPanel({ session }: { session: EditorSession }) {
  const { t } = useTranslation()
  const { marks } = session
  if (marks.length === 0)
    return session.isChecked ? (
      <EmptyState icon={<CircleCheckIcon />} title={t('pipeline.noProblems')} className="py-8" />
    ) : (
      <EmptyState icon={<CircleDashedIcon />} title={t('pipeline.checking')} className="py-8" />
    )
  return (
    <ul className="divide-y" aria-label={t('pipeline.panelTab.problems')}>
      {marks.map((mark) => (
        <li key={`${mark.file}:${mark.line}:${mark.column}:${mark.message}`}>
          <button
            type="button"
            onClick={() => session.openFile(mark.file, { line: mark.line, column: mark.column })}
            className="flex w-full items-start gap-2 px-3 py-1.5 text-left -outline-offset-2 hover:bg-accent"
          >
            {mark.severity === 'error' ? (
              <CircleXIcon
                aria-label={t('pipeline.error')}
                className="mt-0.5 size-3.5 shrink-0 text-crashed"
              />
            ) : (
              <TriangleAlertIcon
                aria-label={t('pipeline.warning')}
                className="mt-0.5 size-3.5 shrink-0 text-limited"
              />
            )}
            <span className="min-w-0 flex-1 break-words">{mark.message}</span>
            <code className="shrink-0 text-muted-foreground">
              {mark.file}:{mark.line}:{mark.column}
            </code>
          </button>
        </li>
      ))}
    </ul>
  )
}

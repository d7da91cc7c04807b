import { CircleCheckIcon, CircleDashedIcon, CircleXIcon, GitBranchIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { StateDot } from '@/ui/run-badges.tsx'
import type { EditorSession } from './use-editor-session.ts'

/** Branch, revision, saved state, types, place, run state. */
export function StatusBar({ session, branch }: { session: EditorSession; branch: string }) {
  const { t } = useTranslation()
  const { workspace, isSaving } = session.open
  const state = session.run?.observed.state
  return (
    <footer
      aria-label={t('pipeline.statusBar')}
      className="flex h-6.5 shrink-0 items-center gap-4 overflow-hidden border-t bg-sidebar px-3 text-xs whitespace-nowrap text-muted-foreground"
    >
      <span className="flex items-center gap-1">
        <GitBranchIcon className="size-3" />
        {branch}
        {workspace?.revision != null ? <span className="tabular"> · r{workspace.revision}</span> : null}
      </span>
      <span aria-live="polite" data-testid="saved-state">
        {isSaving
          ? t('pipeline.saving')
          : workspace?.revision === null
            ? t('pipeline.neverSaved')
            : session.isDirty
              ? t('pipeline.unsavedDraft')
              : t('pipeline.saved')}
      </span>
      <Types session={session} />
      <span className="ml-auto hidden tabular sm:inline">
        {t('pipeline.position', { line: session.cursor.line, column: session.cursor.column })}
      </span>
      {state ? (
        <span className="flex items-center gap-1.5 max-sm:ml-auto">
          <StateDot state={state} /> {t(`run.state.${state}`)}
        </span>
      ) : null}
    </footer>
  )
}

function Types({ session }: { session: EditorSession }) {
  const { t } = useTranslation()
  const errors = session.marks.filter(({ severity }) => severity === 'error').length
  const Icon = errors > 0 ? CircleXIcon : session.isChecked ? CircleCheckIcon : CircleDashedIcon
  return (
    <button
      type="button"
      onClick={() => session.showPanel('problems')}
      className="hidden items-center gap-1 rounded-xs hover:text-foreground sm:flex"
    >
      <Icon className={errors > 0 ? 'size-3 text-crashed' : 'size-3'} />
      {errors > 0
        ? t('pipeline.errors', { count: errors })
        : t(session.isChecked ? 'pipeline.noProblems' : 'pipeline.checking')}
    </button>
  )
}

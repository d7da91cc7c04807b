import { DownloadIcon, HistoryIcon, PlusIcon, UploadIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { saveFile } from '@/ui/save-file.ts'
import { writeDotEnv } from './dot-env.ts'
import { HistorySheet } from './history-sheet.tsx'
import { ImportDialog } from './import-dialog.tsx'
import type { VariablesForm } from './use-variables.ts'

/** What can be done with the table as a whole; without the right to write, only its history is shown. */
export function EnvironmentActions({ form, mayWrite }: { form: VariablesForm; mayWrite: boolean }) {
  const { t } = useTranslation()
  const [isShowingHistory, setShowingHistory] = useState(false)
  return (
    <>
      <Button
        variant="outline"
        size="icon"
        aria-label={t('env.history.title')}
        title={t('env.history.title')}
        onClick={() => setShowingHistory(true)}
      >
        <HistoryIcon />
      </Button>
      {mayWrite ? <WriteActions form={form} /> : null}
      {isShowingHistory ? <HistorySheet onClose={() => setShowingHistory(false)} /> : null}
    </>
  )
}

function WriteActions({ form }: { form: VariablesForm }) {
  const { t } = useTranslation()
  const { slug } = useProject()
  const { rows, changes, problems, save } = form
  const [isImporting, setImporting] = useState(false)
  const exportRows = () => saveFile(new Blob([writeDotEnv(rows)], { type: 'text/plain' }), `${slug}.env`)
  return (
    <>
      {changes > 0 ? (
        <Button variant="ghost" onClick={form.discard}>
          {t('action.discard')}
        </Button>
      ) : null}
      <Button variant="outline" onClick={() => setImporting(true)}>
        <UploadIcon /> {t('env.import.open')}
      </Button>
      {rows.length > 0 ? (
        <Button variant="outline" disabled={problems.size > 0} onClick={exportRows}>
          <DownloadIcon /> {t('env.export')}
        </Button>
      ) : null}
      <Button variant="outline" onClick={form.add}>
        <PlusIcon /> {t('env.add')}
      </Button>
      <Button disabled={changes === 0 || save.isPending} onClick={form.submit}>
        {t('env.save')}
      </Button>
      {isImporting ? (
        <ImportDialog
          rows={rows}
          firstId={form.nextId()}
          onRows={form.replace}
          onClose={() => setImporting(false)}
        />
      ) : null}
    </>
  )
}

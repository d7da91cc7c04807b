import type { ImportJob } from '@m3m/core/client'
import { CircleCheckIcon, CircleXIcon, DownloadIcon, LoaderIcon, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { reasonText } from '@/app/errors/describe-error.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { Button } from '@/ui/button.tsx'
import { saveFile } from '@/ui/save-file.ts'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { refusedRows, type SourceFile } from './source-file.ts'

/** Errors shown at once; the file with all of them can be saved. */
const SHOWN = 50

interface ImportReportProps {
  job: ImportJob
  source: SourceFile | null
  /** To the table, where the records are. */
  onShow: () => void
}

/** How an import goes or went: progress, figures, each refused row with its reason. */
export function ImportReportView({ job, source, onShow }: ImportReportProps) {
  const { t } = useTranslation()
  const { report, state } = job
  const save = () => {
    if (!report) return
    const own = source?.file.name === job.fileName ? source : null
    refusedRows(report, own).then(
      (text) =>
        saveFile(new Blob([text], { type: 'text/csv' }), `refused-${job.fileName.replace(/\.\w+$/, '')}.csv`),
      toastError,
    )
  }
  return (
    <section aria-label={t('importing.report')} className="grid gap-3 rounded-md border p-3">
      <Outcome job={job} />
      {state === 'running' ? (
        <progress
          value={job.rows > 0 ? job.done : undefined}
          max={job.rows || 1}
          aria-label={t('importing.report')}
          className="h-1.5 w-full overflow-hidden rounded-full bg-muted [&::-moz-progress-bar]:bg-foreground [&::-webkit-progress-bar]:bg-muted [&::-webkit-progress-value]:bg-foreground"
        />
      ) : null}
      {job.error ? (
        <p role="alert" className="text-sm text-destructive">
          {reasonText(job.error)} <code className="text-xs text-muted-foreground">{job.error.code}</code>
        </p>
      ) : null}
      {report && report.unknown.length > 0 ? (
        <p className="text-xs text-muted-foreground">
          {t('importing.unknown', { columns: report.unknown.join(', ') })}
        </p>
      ) : null}
      {report && report.errors.length > 0 ? (
        <>
          <ErrorTable errors={report.errors.slice(0, SHOWN)} />
          {report.refused > new Set(report.errors.map(({ row }) => row)).size ? (
            <p className="text-xs text-muted-foreground">{t('importing.firstOnes')}</p>
          ) : null}
          <Button variant="outline" size="sm" className="justify-self-start" onClick={save}>
            <DownloadIcon className="size-3.5" /> {t('importing.saveRefused')}
          </Button>
        </>
      ) : null}
      {state === 'done' && !job.dryRun ? (
        <Button variant="outline" className="justify-self-start" onClick={onShow}>
          {t('importing.show')}
        </Button>
      ) : null}
    </section>
  )
}

const SIGNS: Record<ImportJob['state'], { Icon: LucideIcon; look: string }> = {
  running: { Icon: LoaderIcon, look: 'text-moving motion-safe:animate-spin' },
  done: { Icon: CircleCheckIcon, look: 'text-running' },
  refused: { Icon: CircleXIcon, look: 'text-limited' },
  failed: { Icon: CircleXIcon, look: 'text-crashed' },
}

/** One line: what became of the file. */
export function Outcome({ job }: { job: ImportJob }) {
  const { t } = useTranslation()
  const { Icon, look } = SIGNS[job.state]
  const report = job.report
  const text =
    job.state === 'running'
      ? t('importing.running', { done: job.done, rows: job.rows })
      : job.state === 'failed'
        ? t('importing.failed')
        : t(
            job.state === 'refused'
              ? job.dryRun
                ? 'importing.wouldRefuse'
                : 'importing.refused'
              : job.dryRun
                ? 'importing.wouldDo'
                : 'importing.did',
            {
              created: report?.created ?? 0,
              updated: report?.updated ?? 0,
              refused: report?.refused ?? 0,
              rows: report?.rows ?? 0,
            },
          )
  return (
    <p role="status" className="flex items-start gap-2 text-sm">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${look}`} />
      <span className="tabular">{text}</span>
    </p>
  )
}

type RowError = NonNullable<ImportJob['report']>['errors'][number]

function ErrorTable({ errors }: { errors: readonly RowError[] }) {
  const { t } = useTranslation()
  return (
    <div className="max-h-72 overflow-auto rounded-md border">
      <Table>
        <TableHeader>
          <TableRow className="hover:bg-transparent">
            <TableHead className="w-14 text-right">{t('importing.row')}</TableHead>
            <TableHead>{t('importing.field')}</TableHead>
            <TableHead>{t('importing.problem')}</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {errors.map(({ row, field, ...problem }) => (
            <TableRow key={`${row} ${field} ${problem.code}`}>
              <TableCell className="text-right font-mono text-xs tabular">{row}</TableCell>
              <TableCell className="font-mono text-xs">{field}</TableCell>
              <TableCell className="text-xs" title={problem.code}>
                {reasonText(problem)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

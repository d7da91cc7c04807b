import type { ImportJob, ImportOptions, Model, PortableFormat } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FileUpIcon } from 'lucide-react'
import { useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useStoredFiles } from '@/app/files/stored-files.ts'
import { useProject } from '@/app/project/project-context.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { Switch } from '@/ui/checkbox.tsx'
import { cn } from '@/ui/cn.ts'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { Sheet, SheetContent } from '@/ui/sheet.tsx'
import { ImportReportView } from './import-report.tsx'
import { useImports } from './imports.ts'
import { JobList } from './job-list.tsx'
import { MappingTable } from './mapping-table.tsx'
import { formatOf, guessMapping, importable, openSource, type SourceFile } from './source-file.ts'

interface ImportPanelProps {
  model: Model
  /** The import that is looked at; `null` while one is being prepared. */
  jobId: string | null
  onJob: (id: string) => void
  onClose: () => void
}

/** From a file to records: choose it, say what goes where, try it, do it. It goes on when the panel is closed. */
export function ImportPanel({ model, jobId, onJob, onClose }: ImportPanelProps) {
  const { t } = useTranslation()
  const jobs = useImports(model)
  const job = jobs.find(({ id }) => id === jobId)
  const [source, setSource] = useState<SourceFile | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const choose = (file: File) => {
    const format = formatOf(file.name)
    setProblem(null)
    if (!format) return setProblem(new Error(t('importing.wrongFile', { name: file.name })))
    openSource(file, format).then(setSource, (error: unknown) =>
      setProblem(new Error(t('importing.unreadable', { name: file.name, reason: messageOf(error) }))),
    )
  }
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <SheetContent title={t('importing.title', { name: model.name })} className="sm:max-w-2xl">
        <div className="grid min-h-0 flex-1 content-start gap-5 overflow-y-auto p-4">
          {problem ? <ErrorState error={problem} /> : null}
          {source ? (
            <Preparation
              key={source.file.name + source.file.lastModified}
              model={model}
              source={source}
              isBusy={job?.state === 'running'}
              onOther={() => setSource(null)}
              onStarted={(started) => onJob(started.id)}
            />
          ) : (
            <DropZone onFile={choose} />
          )}
          {job ? <ImportReportView job={job} source={source} onShow={onClose} /> : null}
          <JobList jobs={jobs.filter(({ id }) => id !== jobId)} onJob={onJob} />
        </div>
      </SheetContent>
    </Sheet>
  )
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file) onFile(file)
  }
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        'grid justify-items-center gap-2 rounded-md border border-dashed border-input px-4 py-8 text-center',
        isOver && 'border-foreground bg-accent',
      )}
    >
      <FileUpIcon aria-hidden className="size-6 text-muted-foreground" strokeWidth={1.5} />
      <Button variant="outline" onClick={() => input.current?.click()}>
        {t('importing.choose')}
      </Button>
      <p className="max-w-sm text-xs text-muted-foreground">{t('importing.hint')}</p>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('importing.choose')}
        accept=".csv,.json,.ndjson,.jsonl"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          if (file) onFile(file)
          event.target.value = ''
        }}
      />
    </div>
  )
}

interface PreparationProps {
  model: Model
  source: SourceFile
  isBusy: boolean
  onOther: () => void
  onStarted: (job: ImportJob) => void
}

/** Radix gives no item an empty value. */
const NONE = '\u0000'

function Preparation({ model, source, isBusy, onOther, onStarted }: PreparationProps) {
  const { t, i18n } = useTranslation()
  const [mapping, setMapping] = useState(() => guessMapping(source.columns, model))
  const [matchBy, setMatchBy] = useState<string | null>(null)
  const [skipBad, setSkipBad] = useState(false)
  const start = useStart(model, source, onStarted)
  const taken = Object.values(mapping).filter((key) => key !== null)
  const canMatch = importable(model).filter(({ key }) => taken.includes(key))
  const missing = model.fields.filter(
    ({ key, required, default: initial }) => required && initial === undefined && !taken.includes(key),
  )
  const run = (dryRun: boolean) =>
    start.mutate({
      format: source.format,
      mapping,
      dryRun,
      skipBad,
      ...(matchBy !== null && taken.includes(matchBy) && { matchBy }),
    })
  const isOff = isBusy || start.isPending || taken.length === 0
  return (
    <section aria-label={t('importing.mapping')} className="grid gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 truncate text-sm">
          <span className="font-medium">{source.file.name}</span>{' '}
          <span className="text-muted-foreground">
            {source.format.toUpperCase()} · {formatBytes(source.file.size, i18n.language)}
          </span>
        </p>
        <Button variant="ghost" size="sm" onClick={onOther}>
          {t('importing.other')}
        </Button>
      </div>
      <MappingTable model={model} source={source} mapping={mapping} onMapping={setMapping} />
      {missing.length > 0 ? (
        <p className="text-xs text-limited">
          {t('importing.missing', { keys: missing.map(({ key }) => key).join(', ') })}
        </p>
      ) : null}
      <div className="grid gap-3 sm:grid-cols-2">
        <label className="grid gap-1.5 text-sm font-medium">
          {t('importing.matchBy')}
          <Select value={matchBy ?? NONE} onValueChange={(next) => setMatchBy(next === NONE ? null : next)}>
            <SelectTrigger aria-label={t('importing.matchBy')}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value={NONE}>{t('importing.allNew')}</SelectItem>
              {canMatch.map(({ key }) => (
                <SelectItem key={key} value={key}>
                  {key}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
          <span className="text-xs font-normal text-muted-foreground">{t('importing.matchHint')}</span>
        </label>
        <label className="flex items-start gap-2 text-sm">
          <Switch checked={skipBad} onCheckedChange={setSkipBad} aria-label={t('importing.skipBad')} />
          <span className="grid">
            <span className="font-medium">{t('importing.skipBad')}</span>
            <span className="text-xs text-muted-foreground">{t('importing.skipBadHint')}</span>
          </span>
        </label>
      </div>
      {start.error ? <ErrorState error={start.error} /> : null}
      <div className="flex justify-end gap-2">
        <Button variant="outline" disabled={isOff} onClick={() => run(true)}>
          {t('importing.try')}
        </Button>
        <Button disabled={isOff} onClick={() => run(false)}>
          {t('importing.start')}
        </Button>
      </div>
    </section>
  )
}

type Options = ImportOptions & { format: PortableFormat }

/** Sends the file as it is; the agent answers when it has it, and goes on by itself. */
function useStart(model: Model, source: SourceFile, onStarted: (job: ImportJob) => void) {
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { connection } = usePanel()
  const files = useStoredFiles()
  return useMutation({
    meta: { showsError: true },
    mutationFn: async (options: Options): Promise<ImportJob> => {
      const query = new URLSearchParams({ name: source.file.name, options: JSON.stringify(options) })
      const url = urlOf(connection, `/files/records/${project.id}/${model.slug}?${query}`)
      const answer = await files.fetch(url, {
        method: 'POST',
        body: source.file,
        headers: { 'content-type': 'application/octet-stream' },
      })
      return (await answer.json()) as ImportJob
    },
    onSuccess: async (job) => {
      await queryClient.invalidateQueries({ queryKey: trpc.records.imports.queryKey() })
      onStarted(job)
    },
  })
}

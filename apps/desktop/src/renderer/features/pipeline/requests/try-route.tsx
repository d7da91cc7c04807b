import { useMutation } from '@tanstack/react-query'
import { SendIcon } from 'lucide-react'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { usePanelUrl } from '@/app/project/public-url.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Field } from '@/ui/field.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { hasBody, METHODS, send, toneOf } from './send-request.ts'
import type { Answer, Method, RequestDraft } from './send-request.ts'

interface TryRouteProps {
  draft: RequestDraft
  onChange: (part: Partial<RequestDraft>) => void
}

/** Tries a route of the running service: method, path, headers, body; answer, time and size. */
export function TryRoute({ draft, onChange }: TryRouteProps) {
  const { t } = useTranslation()
  const project = useProject()
  const baseUrl = usePanelUrl(project.slug)
  const request = useMutation({ mutationFn: () => send(baseUrl, draft), meta: { showsError: true } })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    request.mutate()
  }
  return (
    <div className="grid grid-cols-1 gap-3">
      <form onSubmit={submit} className="grid gap-3" aria-label={t('requests.form')}>
        <div className="flex gap-1.5">
          <Select value={draft.method} onValueChange={(method) => onChange({ method: method as Method })}>
            <SelectTrigger className="w-26 shrink-0 font-mono text-xs" aria-label={t('requests.method')}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {METHODS.map((name) => (
                <SelectItem key={name} value={name} className="font-mono text-xs">
                  {name}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
          <Input
            value={draft.path}
            onChange={(event) => onChange({ path: event.target.value })}
            aria-label={t('requests.path')}
            placeholder="/hello/world"
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-xs"
          />
          <Button type="submit" disabled={request.isPending}>
            <SendIcon /> {t('requests.send')}
          </Button>
        </div>
        {hasBody(draft.method) ? (
          <Field label={t('requests.body')}>
            <Textarea
              value={draft.body}
              onChange={(event) => onChange({ body: event.target.value })}
              rows={4}
              spellCheck={false}
              placeholder='{"name": "Ada"}'
              className="font-mono text-xs"
            />
          </Field>
        ) : null}
        <details className="text-sm" open={draft.headers !== '' || undefined}>
          <summary className="cursor-pointer text-xs text-muted-foreground">{t('requests.headers')}</summary>
          <Textarea
            value={draft.headers}
            onChange={(event) => onChange({ headers: event.target.value })}
            aria-label={t('requests.headers')}
            rows={3}
            spellCheck={false}
            placeholder="authorization: Bearer …"
            className="mt-1.5 font-mono text-xs"
          />
        </details>
      </form>
      {request.error ? <ErrorState error={request.error} /> : null}
      {request.data ? <AnswerView answer={request.data} /> : null}
    </div>
  )
}

function AnswerView({ answer }: { answer: Answer }) {
  const { t, i18n } = useTranslation()
  return (
    <section aria-label={t('requests.answer')} className="min-w-0 overflow-hidden rounded-md border">
      <header className="flex h-8 items-center gap-3 border-b px-3 text-xs text-muted-foreground tabular">
        <span className={cn('font-mono font-semibold', toneOf(answer.status))} data-testid="answer-status">
          {answer.status} {answer.statusText}
        </span>
        <span>{Math.round(answer.ms)} ms</span>
        <span>{formatBytes(answer.sizeBytes, i18n.language)}</span>
        <CopyButton value={answer.text} label={t('requests.copyBody')} className="ml-auto" />
      </header>
      <details>
        <summary className="cursor-pointer border-b px-3 py-1 text-xs text-muted-foreground">
          {t('requests.answerHeaders', { count: answer.headers.length })}
        </summary>
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 border-b px-3 py-2 font-mono text-xs">
          {answer.headers.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted-foreground">{name}</dt>
              <dd className="break-all">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      <pre className="max-h-96 overflow-auto bg-editor px-3 py-2 break-words whitespace-pre-wrap">
        {answer.text || <span className="text-muted-foreground">{t('requests.noBody')}</span>}
        {answer.isCut ? `\n${t('requests.cut')}` : ''}
      </pre>
    </section>
  )
}

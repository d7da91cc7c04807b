import { useQuery } from '@tanstack/react-query'
import { PencilLineIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import type { KeptRequest } from './kept-requests.tsx'
import { draftOf } from './reuse-request.ts'
import { shownBody, type RequestDraft } from './send-request.ts'

type Detail = Outputs['requests']['get']

/** What came in and what went out; the way to send it again. */
export function KeptRequestDetail({
  request: { id, ip },
  onReuse,
}: {
  request: KeptRequest
  onReuse: (draft: Partial<RequestDraft>) => void
}) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const detail = useQuery(
    useTRPC().requests.get.queryOptions({ projectId, requestId: id }, { staleTime: Infinity }),
  )
  if (detail.error) return <ErrorState error={detail.error} className="m-2" />
  if (!detail.data) return <SkeletonRows rows={3} />
  const reuse = draftOf(detail.data)
  return (
    <div className="grid grid-cols-1 gap-3 border-t bg-muted/40 p-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-xs text-muted-foreground">
        <span>
          {t('requests.from')} <code>{ip}</code>
        </span>
        {detail.data.route ? (
          <span>
            {t('requests.route')} <code>{detail.data.route}</code>
          </span>
        ) : (
          <span>{t('requests.noRoute')}</span>
        )}
        <Button
          variant="outline"
          size="sm"
          className="ml-auto"
          disabled={reuse === null}
          title={reuse === null ? t('requests.cannotReuse') : undefined}
          onClick={() => {
            if (reuse) onReuse(reuse)
          }}
        >
          <PencilLineIcon /> {t('requests.reuse')}
        </Button>
      </div>
      <Half
        title={t('requests.request')}
        headers={detail.data.requestHeaders}
        body={detail.data.requestBody}
      />
      <Half
        title={t('requests.answer')}
        headers={detail.data.responseHeaders}
        body={detail.data.responseBody}
      />
    </div>
  )
}

function Half({
  title,
  headers,
  body,
}: {
  title: string
  headers: Detail['requestHeaders']
  body: Detail['requestBody']
}) {
  const { t, i18n } = useTranslation()
  const type = headers.find(({ name }) => name === 'content-type')?.value ?? ''
  const text = body.text === null ? null : shownBody(body.text, body.isCut ? '' : type).text
  return (
    <section aria-label={title} className="min-w-0 overflow-hidden rounded-md border bg-background">
      <header className="flex h-8 items-center gap-3 border-b px-3 text-xs text-muted-foreground tabular">
        <h4 className="font-semibold text-foreground">{title}</h4>
        <span>{formatBytes(body.totalBytes, i18n.language)}</span>
        {body.text ? (
          <CopyButton value={body.text} label={t('requests.copyBody')} className="ml-auto" />
        ) : null}
      </header>
      <dl className="grid max-h-48 grid-cols-[auto_1fr] gap-x-3 overflow-y-auto border-b px-3 py-2 font-mono text-xs">
        {headers.map(({ name, value }, place) => (
          <div key={`${name} ${place}`} className="contents">
            <dt className="text-muted-foreground">{name}</dt>
            <dd className="break-all">
              {value ?? <span className="text-muted-foreground italic">{t('requests.secretHeader')}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <pre className="max-h-72 overflow-auto bg-editor px-3 py-2 break-words whitespace-pre-wrap">
        {text || (
          <span className="text-muted-foreground">
            {t(text === null ? 'requests.binaryBody' : body.isCut ? 'requests.notKept' : 'requests.noBody')}
          </span>
        )}
        {text && body.isCut ? `\n${t('requests.cut')}` : ''}
      </pre>
    </section>
  )
}

import type { Model } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { ExternalLinkIcon, KeyRoundIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { useProject } from '@/app/project/project-context.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { CodeBlock } from '@/ui/markdown/markdown.tsx'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/ui/tabs.tsx'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { baseUrl, callsOf, scopeOf, type Call, type Target } from './calls.ts'
import { exampleOf, LANGUAGES, type CodeLanguage } from './examples.ts'

/** How programs and services reach these records: code to copy, with the real address and the model's own fields. */
export function CallTab({ model }: { model: Model }) {
  const { t } = useTranslation()
  const [chosen, setCall] = useState<Call>('list')
  const [language, setLanguage] = useStoredState<CodeLanguage>('calling.language', 'curl')
  const target = useTarget(model)
  const calls = callsOf(target)
  const call = calls.includes(chosen) ? chosen : 'list'
  const code = exampleOf(call, language, target)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-5xl grid-cols-1 gap-5 p-4 sm:p-6">
        <Address address={baseUrl(target)} />
        <Tabs
          value={call}
          onValueChange={(next) => setCall(next as Call)}
          orientation="vertical"
          className="grid grid-cols-1 gap-x-6 gap-y-3 md:grid-cols-[11rem_minmax(0,1fr)]"
        >
          <CallList calls={calls} />
          <TabsContent value={call} className="grid min-w-0 content-start gap-2">
            <div className="flex flex-wrap items-center gap-2">
              <LanguageSwitch language={language} onLanguage={setLanguage} />
              {language === 'service' ? (
                <span className="text-xs text-muted-foreground">{t('calling.noKey')}</span>
              ) : (
                <span className="flex items-center gap-1.5 text-xs text-muted-foreground">
                  <KeyRoundIcon aria-hidden className="size-3.5" /> {t('calling.scope')}
                  <Badge className="h-5 font-mono">{scopeOf(call)}</Badge>
                </span>
              )}
              <span className="ml-auto">
                <CopyButton
                  value={code}
                  label={t('calling.copyCode')}
                  size="sm"
                  variant="outline"
                  showLabel
                />
              </span>
            </div>
            <CodeBlock
              code={code}
              language={language === 'curl' ? 'bash' : 'javascript'}
              label={t(`calling.call.${call}`)}
            />
            <p className="text-xs text-muted-foreground">{t(`calling.hint.${call}`)}</p>
          </TabsContent>
        </Tabs>
        <Further />
      </div>
    </div>
  )
}

/** What the examples name: this agent, the table's filter and sort, a record that is there. */
function useTarget(model: Model): Target {
  const project = useProject()
  const { connection } = usePanel()
  const trpc = useTRPC()
  const { filter, sort } = useSearch({ from: '/projects/$slug/data/$model' })
  const inProject = { projectId: project.id }
  const models = useQuery(trpc.models.list.queryOptions(inProject)).data ?? [model]
  const first = useQuery(
    trpc.records.list.queryOptions({
      ...inProject,
      model: model.slug,
      fields: 'id',
      pageSize: 1,
      skipTotal: true,
    }),
  )
  return {
    origin: connection.baseUrl || location.origin,
    project: project.slug,
    model,
    models,
    filter: filter ?? '',
    sort: sort ?? '',
    id: first.data?.items[0]?.id,
  }
}

/** Beside the code; above it in one line where there is no room. */
function CallList({ calls }: { calls: readonly Call[] }) {
  const { t } = useTranslation()
  return (
    <TabsList
      aria-label={t('calling.calls')}
      className="min-w-0 items-stretch gap-0.5 overflow-x-auto max-md:pb-1 md:flex-col"
    >
      {calls.map((one) => (
        <TabsTrigger
          key={one}
          value={one}
          className="shrink-0 justify-start rounded-md whitespace-nowrap hover:bg-accent/60 data-[state=active]:bg-accent data-[state=active]:after:hidden"
        >
          {t(`calling.call.${one}`)}
        </TabsTrigger>
      ))}
    </TabsList>
  )
}

function Further() {
  const { t } = useTranslation()
  const { slug } = useProject()
  const { connection } = usePanel()
  return (
    <section className="flex flex-wrap gap-2">
      <Button asChild variant="outline">
        <Link to="/projects/$slug/settings" params={{ slug }}>
          <KeyRoundIcon /> {t('calling.keys')}
        </Link>
      </Button>
      <Button asChild variant="outline">
        <a href={urlOf(connection, '/api/v1/openapi.json')} target="_blank" rel="noreferrer">
          <ExternalLinkIcon /> {t('calling.openapi')}
        </a>
      </Button>
    </section>
  )
}

/** Where the records are for programs. */
function Address({ address }: { address: string }) {
  const { t } = useTranslation()
  return (
    <section className="grid gap-1.5">
      <h2 className="text-sm font-semibold">{t('calling.address')}</h2>
      <div className="flex min-w-0 items-center gap-1 rounded-md border px-3 py-1.5">
        <code className="min-w-0 flex-1 truncate text-xs">{address}</code>
        <CopyButton value={address} label={t('calling.copyAddress')} />
      </div>
      <p className="text-xs text-muted-foreground">{t('calling.addressHint')}</p>
    </section>
  )
}

interface LanguageSwitchProps {
  language: CodeLanguage
  onLanguage: (language: CodeLanguage) => void
}

function LanguageSwitch({ language, onLanguage }: LanguageSwitchProps) {
  const { t } = useTranslation()
  return (
    <div role="radiogroup" aria-label={t('calling.language')} className="inline-flex rounded-md border p-0.5">
      {LANGUAGES.map((one) => (
        <button
          key={one}
          type="button"
          role="radio"
          aria-checked={language === one}
          onClick={() => onLanguage(one)}
          className="h-6 rounded-sm px-2 text-xs text-muted-foreground aria-checked:bg-accent aria-checked:font-medium aria-checked:text-foreground"
        >
          {t(`calling.languages.${one}`)}
        </button>
      ))}
    </div>
  )
}

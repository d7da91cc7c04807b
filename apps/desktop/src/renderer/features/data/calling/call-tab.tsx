import type { Model } from '@m3m/core/client'
import { Link, useSearch } from '@tanstack/react-router'
import { ExternalLinkIcon, KeyRoundIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { useProject } from '@/app/project/project-context.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { CodeBlock } from '@/ui/markdown/markdown.tsx'
import { Tabs, TabsList, TabsTrigger } from '@/ui/tabs.tsx'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { baseUrl, CALLS, exampleOf, LANGUAGES, scopeOf, type Call, type CodeLanguage } from './examples.ts'

/** How programs and services reach these records: code to copy, with the real address and the model's own fields. */
export function CallTab({ model }: { model: Model }) {
  const { t } = useTranslation()
  const project = useProject()
  const { connection } = usePanel()
  const { filter, sort } = useSearch({ from: '/projects/$slug/data/$model' })
  const [call, setCall] = useState<Call>('list')
  const [language, setLanguage] = useStoredState<CodeLanguage>('calling.language', 'curl')
  const origin = connection.baseUrl || location.origin
  const target = { origin, project: project.slug, model, filter: filter ?? '', sort: sort ?? '' }
  const code = exampleOf(call, language, target)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-4xl grid-cols-1 gap-5 p-4 sm:p-6">
        <Address address={baseUrl(target)} />
        <section className="grid grid-cols-1 gap-2">
          <div className="flex flex-wrap items-end gap-x-4 border-b">
            <Tabs
              value={call}
              onValueChange={(next) => setCall(next as Call)}
              className="min-w-0 overflow-x-auto"
            >
              <TabsList aria-label={t('calling.calls')}>
                {CALLS.map((one) => (
                  <TabsTrigger key={one} value={one} className="shrink-0 whitespace-nowrap">
                    {t(`calling.call.${one}`)}
                  </TabsTrigger>
                ))}
              </TabsList>
            </Tabs>
          </div>
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
              <CopyButton value={code} label={t('calling.copyCode')} size="sm" variant="outline" showLabel />
            </span>
          </div>
          <CodeBlock
            code={code}
            language={language === 'curl' ? 'bash' : 'javascript'}
            label={t(`calling.call.${call}`)}
          />
          {call === 'list' ? <p className="text-xs text-muted-foreground">{t('calling.listHint')}</p> : null}
        </section>
        <section className="flex flex-wrap gap-2">
          <Button asChild variant="outline">
            <Link to="/projects/$slug/settings" params={{ slug: project.slug }}>
              <KeyRoundIcon /> {t('calling.keys')}
            </Link>
          </Button>
          <Button asChild variant="outline">
            <a href={urlOf(connection, '/api/v1/openapi.json')} target="_blank" rel="noreferrer">
              <ExternalLinkIcon /> {t('calling.openapi')}
            </a>
          </Button>
        </section>
      </div>
    </div>
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

import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { Button } from '@/ui/button.tsx'
import { Section } from '@/ui/page.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import type { AgentSettings, SectionName } from './use-agent-section.ts'

interface SettingsSectionProps {
  title: string
  description: string
  source: AgentSettings[SectionName]['source']
  isChanged: boolean
  isPending: boolean
  error: unknown
  /** When a change holds, where that is not at once. */
  effect?: string
  onSave: () => void
  onGiveBack: () => void
  /** Beside Save. */
  actions?: ReactNode
  children: ReactNode
}

/** One section: its fields, where the values come from, and how to save them. */
export function SettingsSection(props: SettingsSectionProps) {
  const { t } = useTranslation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    props.onSave()
  }
  const isGeneralError = props.error && Object.keys(describeError(props.error).fields ?? {}).length === 0
  return (
    <Section title={props.title} description={props.description}>
      <form onSubmit={submit} noValidate>
        <div className="grid gap-4 p-4">
          {props.children}
          {isGeneralError ? <ErrorState error={props.error} /> : null}
        </div>
        <footer className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t px-4 py-2.5">
          <p className="min-w-0 flex-1 basis-56 text-xs text-muted-foreground">
            <SourceNote source={props.source} />
            {props.effect ? ` ${props.effect}` : null}
          </p>
          {props.source.kind === 'panel' ? (
            <Button type="button" variant="ghost" disabled={props.isPending} onClick={props.onGiveBack}>
              {t('agentSettings.giveBack')}
            </Button>
          ) : null}
          {props.actions}
          <Button type="submit" disabled={!props.isChanged || props.isPending}>
            {t('agentSettings.save')}
          </Button>
        </footer>
      </form>
    </Section>
  )
}

function SourceNote({ source }: { source: SettingsSectionProps['source'] }) {
  const { t } = useTranslation()
  if (source.kind === 'default') return t('agentSettings.source.default')
  if (source.kind === 'config')
    return (
      <>
        {t('agentSettings.source.config')} <code className="text-foreground">{source.place}</code>.
      </>
    )
  return (
    <>
      {t('agentSettings.source.panel', { name: source.by })} <TimeAgo at={source.at} />.
    </>
  )
}

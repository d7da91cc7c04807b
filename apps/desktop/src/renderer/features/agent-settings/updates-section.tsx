import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Switch } from '@/ui/checkbox.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { SettingsSection } from './settings-section.tsx'
import { useAgentSection, type AgentSettings } from './use-agent-section.ts'

/** Off by default: nothing is fetched unless it is on. */
export function UpdatesSection({ settings }: { settings: AgentSettings }) {
  const { t } = useTranslation()
  const form = useAgentSection('updates', settings)
  const { check, feed } = form.draft
  return (
    <SettingsSection
      {...form}
      title={t('agentSettings.updates.title')}
      description={t('agentSettings.updates.hint')}
      onSave={form.save}
      onGiveBack={form.giveBack}
    >
      <label className="flex items-start gap-3">
        <Switch
          checked={check}
          onCheckedChange={(isOn) => form.set({ check: isOn })}
          className="mt-0.5"
          aria-label={t('agentSettings.updates.check')}
        />
        <span>
          <span className="block font-medium">{t('agentSettings.updates.check')}</span>
          <span className="block text-xs text-muted-foreground">{t('agentSettings.updates.checkHint')}</span>
        </span>
      </label>
      <Field
        label={t('agentSettings.updates.feed')}
        hint={t('agentSettings.updates.feedHint')}
        error={form.fieldError('feed')}
      >
        <Input
          type="url"
          value={feed ?? ''}
          onChange={(event) => form.set({ feed: event.target.value.trim() || null })}
          placeholder="https://example.com/m3m.json"
          spellCheck={false}
          className="font-mono text-xs"
        />
      </Field>
      <Status isOn={settings.updates.value.check} />
    </SettingsSection>
  )
}

function Status({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const status = useQuery(trpc.agent.updates.queryOptions())
  const check = useMutation(
    trpc.agent.checkUpdates.mutationOptions({
      onSuccess: (next) => queryClient.setQueryData(trpc.agent.updates.queryKey(), next),
    }),
  )
  if (!status.data) return null
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t pt-4 text-sm">
      <p className="min-w-0 flex-1 basis-56" role="status">
        <StatusText status={status.data} />
      </p>
      {isOn ? (
        <Button type="button" variant="outline" disabled={check.isPending} onClick={() => check.mutate()}>
          {t('agentSettings.updates.now')}
        </Button>
      ) : null}
    </div>
  )
}

function StatusText({ status }: { status: Outputs['agent']['updates'] }) {
  const { t } = useTranslation()
  const { current, latest, isNewer, checkedAt, error } = status
  if (error) return <span className="text-destructive">{t('agentSettings.updates.failed', { error })}</span>
  return (
    <>
      {t('agentSettings.updates.current', { version: current })}{' '}
      {latest && isNewer ? (
        <>
          {t('agentSettings.updates.newer', { version: latest.version })}{' '}
          {latest.url ? (
            <a href={latest.url} target="_blank" rel="noreferrer" className="underline underline-offset-2">
              {t('agentSettings.updates.about')}
            </a>
          ) : null}
        </>
      ) : latest ? (
        t('agentSettings.updates.latest')
      ) : null}{' '}
      {checkedAt ? (
        <span className="text-xs text-muted-foreground">
          {t('agentSettings.updates.checked')} <TimeAgo at={checkedAt} />
        </span>
      ) : null}
    </>
  )
}

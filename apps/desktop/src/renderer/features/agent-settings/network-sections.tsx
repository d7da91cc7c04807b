import { useTranslation } from 'react-i18next'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { entriesOf, ListInput } from '@/ui/list-input.tsx'
import { SettingsSection } from './settings-section.tsx'
import { useAgentSection, type AgentSettings } from './use-agent-section.ts'

interface SectionProps {
  settings: AgentSettings
}

export function AddressSection({ settings }: SectionProps) {
  const { t } = useTranslation()
  const form = useAgentSection('address', settings)
  return (
    <SettingsSection
      {...form}
      title={t('agentSettings.address.title')}
      description={t('agentSettings.address.hint')}
      effect={t('agentSettings.atOnce')}
      onSave={form.save}
      onGiveBack={form.giveBack}
    >
      <Field
        label={t('agentSettings.address.publicUri')}
        hint={t('agentSettings.address.publicUriHint')}
        error={form.fieldError('publicUri')}
      >
        <Input
          type="url"
          value={form.draft.publicUri ?? ''}
          onChange={(event) => form.set({ publicUri: event.target.value || null })}
          placeholder="https://m3m.example.com"
          spellCheck={false}
          className="font-mono text-xs"
        />
      </Field>
    </SettingsSection>
  )
}

export function ProxiesSection({ settings }: SectionProps) {
  const { t } = useTranslation()
  const form = useAgentSection('proxies', settings)
  return (
    <SettingsSection
      {...form}
      title={t('agentSettings.proxies.title')}
      description={t('agentSettings.proxies.hint')}
      effect={t('agentSettings.atOnce')}
      onSave={() => form.save({ trusted: entriesOf(form.draft.trusted) })}
      onGiveBack={form.giveBack}
    >
      <Field
        label={t('agentSettings.proxies.trusted')}
        hint={t('agentSettings.proxies.trustedHint')}
        error={form.fieldError('trusted')}
      >
        <ListInput
          value={form.draft.trusted}
          onValue={(trusted) => form.set({ trusted })}
          placeholder="10.0.0.0/8"
        />
      </Field>
    </SettingsSection>
  )
}

export function OutboundSection({ settings }: SectionProps) {
  const { t } = useTranslation()
  const form = useAgentSection('outbound', settings)
  return (
    <SettingsSection
      {...form}
      title={t('agentSettings.outbound.title')}
      description={t('agentSettings.outbound.hint')}
      effect={t('agentSettings.nextStart')}
      onSave={() => form.save({ allow: entriesOf(form.draft.allow) })}
      onGiveBack={form.giveBack}
    >
      <Field
        label={t('agentSettings.outbound.allow')}
        hint={t('agentSettings.outbound.allowHint')}
        error={form.fieldError('allow')}
      >
        <ListInput
          value={form.draft.allow}
          onValue={(allow) => form.set({ allow: allow as typeof form.draft.allow })}
          placeholder={'private\n10.1.0.0/16'}
        />
      </Field>
    </SettingsSection>
  )
}

export function SessionsSection({ settings }: SectionProps) {
  const { t } = useTranslation()
  const form = useAgentSection('sessions', settings)
  const { signInMinutes, accessMinutes } = form.draft
  return (
    <SettingsSection
      {...form}
      title={t('agentSettings.sessions.title')}
      description={t('agentSettings.sessions.hint')}
      effect={t('agentSettings.sessions.effect')}
      onSave={form.save}
      onGiveBack={form.giveBack}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('agentSettings.sessions.signIn')}
          hint={t('agentSettings.sessions.signInHint')}
          error={form.fieldError('signInMinutes')}
        >
          <Input
            type="number"
            min={0.1}
            max={8_760}
            step="any"
            value={Number((signInMinutes / 60).toFixed(2))}
            onChange={(event) => form.set({ signInMinutes: Math.round(Number(event.target.value) * 60) })}
          />
        </Field>
        <Field
          label={t('agentSettings.sessions.access')}
          hint={t('agentSettings.sessions.accessHint')}
          error={form.fieldError('accessMinutes')}
        >
          <Input
            type="number"
            min={1}
            max={15}
            value={accessMinutes}
            onChange={(event) => form.set({ accessMinutes: Number(event.target.value) })}
          />
        </Field>
      </div>
    </SettingsSection>
  )
}

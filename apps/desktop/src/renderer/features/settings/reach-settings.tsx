import type { ProjectLimitsView } from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useMe } from '@/app/session/panel.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { entriesOf, ListInput } from '@/ui/list-input.tsx'
import { SettingsForm } from './settings-form.tsx'
import { useProjectSettings } from './use-project-settings.ts'

/** What the service may reach inside the network. Only root widens it; owners see it. */
export function OutboundSettings({ agent }: { agent: ProjectLimitsView }) {
  const { t } = useTranslation()
  const { settings } = useProject()
  const isReadOnly = useMe()?.root !== true
  const { allow, hosts } = settings.outbound
  const saved = { allow: allow as string[], hosts }
  const form = useProjectSettings(saved, (draft) => ({
    outbound: { allow: entriesOf(draft.allow), hosts: entriesOf(draft.hosts) },
  }))
  return (
    <SettingsForm
      title={t('projectSettings.outbound.title')}
      description={t('projectSettings.outbound.hint')}
      form={form}
      effect={t(isReadOnly ? 'projectSettings.outbound.rootOnly' : 'projectSettings.nextStart')}
      isReadOnly={isReadOnly}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('projectSettings.outbound.allow')}
          hint={t('projectSettings.outbound.allowHint')}
          error={form.fieldError('outbound.allow')}
        >
          <ListInput
            value={form.draft.allow}
            onValue={(value) => form.set({ allow: value })}
            placeholder={'private\n10.1.0.0/16'}
            readOnly={isReadOnly}
          />
        </Field>
        <Field
          label={t('projectSettings.outbound.hosts')}
          hint={t('projectSettings.outbound.hostsHint')}
          error={form.fieldError('outbound.hosts')}
        >
          <ListInput
            value={form.draft.hosts}
            onValue={(value) => form.set({ hosts: value })}
            placeholder="db.internal"
            readOnly={isReadOnly}
          />
        </Field>
      </div>
      <p className="text-xs text-muted-foreground">
        {agent.outboundAllow.length > 0
          ? t('projectSettings.outbound.agentAllows', { ranges: agent.outboundAllow.join(', ') })
          : t('projectSettings.outbound.agentAllowsNone')}{' '}
        {t('projectSettings.outbound.never')}
      </p>
    </SettingsForm>
  )
}

/** Who may call the project's REST API from a page, and how often a key may. */
export function ApiSettings() {
  const { t } = useTranslation()
  const { settings } = useProject()
  const { corsOrigins, ratePerMinute } = settings.api
  const saved = { corsOrigins, rate: ratePerMinute === null ? '' : String(ratePerMinute) }
  const form = useProjectSettings(saved, (draft) => ({
    api: {
      corsOrigins: entriesOf(draft.corsOrigins),
      ratePerMinute: draft.rate.trim() === '' ? null : Number(draft.rate),
    },
  }))
  return (
    <SettingsForm
      title={t('projectSettings.api.title')}
      description={t('projectSettings.api.hint')}
      form={form}
      effect={t('projectSettings.atOnce')}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('projectSettings.api.cors')}
          hint={t('projectSettings.api.corsHint')}
          error={form.fieldError('api.corsOrigins')}
        >
          <ListInput
            value={form.draft.corsOrigins}
            onValue={(value) => form.set({ corsOrigins: value })}
            placeholder="https://shop.example.com"
          />
        </Field>
        <Field
          label={t('projectSettings.api.rate')}
          hint={t('projectSettings.api.rateHint')}
          error={form.fieldError('api.ratePerMinute')}
        >
          <Input
            inputMode="numeric"
            value={form.draft.rate}
            onChange={(event) => form.set({ rate: event.target.value })}
            placeholder="6000"
          />
        </Field>
      </div>
    </SettingsForm>
  )
}

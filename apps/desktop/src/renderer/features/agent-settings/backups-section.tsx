import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Switch } from '@/ui/checkbox.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { SettingsSection } from './settings-section.tsx'
import { useAgentSection, type AgentSettings } from './use-agent-section.ts'

/** At night, and not on the hour, when everybody's timers are. */
const FIRST_TIME = '03:30'

/** When backups are made, and how many stay. */
export function BackupsSection({ settings }: { settings: AgentSettings }) {
  const { t, i18n } = useTranslation()
  const form = useAgentSection('backups', settings)
  const { daily, keep, withKey } = form.draft
  return (
    <SettingsSection
      {...form}
      title={t('agentSettings.backups.title')}
      description={t('agentSettings.backups.hint')}
      effect={t('agentSettings.atOnce')}
      onSave={form.save}
      onGiveBack={form.giveBack}
      actions={
        <Button asChild variant="ghost">
          <Link to="/backups">{t('agentSettings.backups.all')}</Link>
        </Button>
      }
    >
      <SwitchRow
        label={t('agentSettings.backups.isOn')}
        hint={t('agentSettings.backups.isOnHint')}
        isOn={daily !== null}
        onChange={(isOn) => form.set({ daily: isOn ? FIRST_TIME : null })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        {daily === null ? null : (
          <Field
            label={t('agentSettings.backups.at')}
            hint={t('agentSettings.backups.atHint', { time: localTime(daily, i18n.language) })}
            error={form.fieldError('daily')}
          >
            <Input type="time" value={daily} onChange={(event) => form.set({ daily: event.target.value })} />
          </Field>
        )}
        <Field
          label={t('agentSettings.backups.keep')}
          hint={t('agentSettings.backups.keepHint')}
          error={form.fieldError('keep')}
        >
          <Input
            type="number"
            min={1}
            max={365}
            value={keep}
            onChange={(event) => form.set({ keep: Number(event.target.value) })}
          />
        </Field>
      </div>
      <SwitchRow
        label={t('agentSettings.backups.withKey')}
        hint={t('agentSettings.backups.withKeyHint')}
        isOn={withKey}
        onChange={(isOn) => form.set({ withKey: isOn })}
      />
    </SettingsSection>
  )
}

interface SwitchRowProps {
  label: string
  hint: string
  isOn: boolean
  onChange: (isOn: boolean) => void
}

function SwitchRow({ label, hint, isOn, onChange }: SwitchRowProps) {
  return (
    <label className="flex items-start gap-3">
      <Switch checked={isOn} onCheckedChange={onChange} className="mt-0.5" aria-label={label} />
      <span>
        <span className="block font-medium">{label}</span>
        <span className="block text-xs text-muted-foreground">{hint}</span>
      </span>
    </label>
  )
}

/** `03:30` of UTC on the clock of whoever looks. */
function localTime(utc: string, language: string): string {
  const [hours = 0, minutes = 0] = utc.split(':').map(Number)
  const date = new Date()
  date.setUTCHours(hours, minutes, 0, 0)
  return new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(date)
}

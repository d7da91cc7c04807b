import { LIMIT_NAMES, type LimitName, type ProjectLimitsView } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { RotateCcwIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatNumber } from '@/i18n/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { draftOf, LIMIT_UNITS, limitsOf, shown } from './limit-units.ts'
import { SettingsForm } from './settings-form.tsx'
import { useProjectSettings } from './use-project-settings.ts'

const ISOLATIONS = ['default', 'shared', 'process'] as const
type Isolation = (typeof ISOLATIONS)[number]

/** Where services of the project run and what they may use. Empty fields are the agent's defaults. */
export function LimitSettings({ agent }: { agent: ProjectLimitsView }) {
  const { t } = useTranslation()
  const { id: projectId, settings } = useProject()
  const trpc = useTRPC()
  const live = useQuery(trpc.metrics.live.queryOptions({ projectId }, { refetchInterval: 5_000 }))
  const saved = { isolation: settings.isolation ?? ('default' as Isolation), ...draftOf(settings.limits) }
  const form = useProjectSettings(saved, ({ isolation, ...draft }) => ({
    isolation,
    limits: limitsOf(draft),
  }))
  return (
    <SettingsForm
      title={t('projectSettings.limits.title')}
      description={t('projectSettings.limits.hint')}
      form={form}
      effect={t('projectSettings.limits.effect')}
    >
      <Field
        label={t('projectSettings.isolation.label')}
        hint={t('projectSettings.isolation.hint')}
        className="max-w-md"
      >
        <IsolationSelect
          value={form.draft.isolation}
          agentDefault={agent.isolation}
          onValue={(isolation) => form.set({ isolation })}
        />
      </Field>
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {LIMIT_NAMES.map((name) => (
          <LimitField
            key={name}
            name={name}
            agent={agent}
            text={form.draft[name]}
            error={form.fieldError(`limits.${name}`)}
            passed={live.data?.limits[name] ?? 0}
            onText={(text) => form.set({ [name]: text })}
          />
        ))}
      </div>
    </SettingsForm>
  )
}

interface IsolationSelectProps {
  value: Isolation
  agentDefault: 'process' | 'shared'
  onValue: (value: Isolation) => void
}

function IsolationSelect({ value, agentDefault, onValue, ...props }: IsolationSelectProps) {
  const { t } = useTranslation()
  const nameOf = (name: Isolation) =>
    name === 'default'
      ? t('projectSettings.isolation.default', { name: t(`projectSettings.isolation.${agentDefault}`) })
      : t(`projectSettings.isolation.${name}`)
  return (
    <Select value={value} onValueChange={(next) => onValue(next as Isolation)}>
      <SelectTrigger {...props}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {ISOLATIONS.map((name) => (
          <SelectItem key={name} value={name}>
            {nameOf(name)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

interface LimitFieldProps {
  name: LimitName
  agent: ProjectLimitsView
  text: string
  error: string | undefined
  /** How often the live run passed it. */
  passed: number
  onText: (text: string) => void
}

function LimitField({ name, agent, text, error, passed, onText }: LimitFieldProps) {
  const { t, i18n } = useTranslation()
  const { unit } = LIMIT_UNITS[name]
  const number = (value: number) => formatNumber(shown(name, value), i18n.language)
  const fallback = agent.defaults[name]
  const { max } = agent.bounds[name]
  const unitName = unit === 'count' ? '' : t(`projectSettings.unit.${unit}`)
  const defaultText = fallback === null ? t('projectSettings.limits.none') : `${number(fallback)} ${unitName}`
  return (
    <div className="flex items-start gap-1.5">
      <Field
        className="min-w-0 flex-1"
        label={
          <span className="flex items-center gap-2">
            {t(`projectSettings.limit.${name}`)}
            {unitName ? <span className="font-normal text-muted-foreground">{unitName}</span> : null}
            {passed > 0 ? (
              <Badge tint="--state-limited">{t('projectSettings.limits.passed', { count: passed })}</Badge>
            ) : null}
          </span>
        }
        hint={t('projectSettings.limits.bounds', {
          fallback: defaultText.trim(),
          max: number(max),
        })}
        error={error}
      >
        <Input
          inputMode="decimal"
          value={text}
          onChange={(event) => onText(event.target.value)}
          placeholder={defaultText.trim()}
          className="tabular"
        />
      </Field>
      <Button
        type="button"
        variant="ghost"
        size="icon"
        className="mt-5.5 text-muted-foreground"
        disabled={text === ''}
        aria-label={t('projectSettings.limits.reset', { name: t(`projectSettings.limit.${name}`) })}
        title={t('projectSettings.limits.reset', { name: t(`projectSettings.limit.${name}`) })}
        onClick={() => onText('')}
      >
        <RotateCcwIcon />
      </Button>
    </div>
  )
}

import type { PluginSettingView } from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Field } from '@/ui/field.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { fallbackText, savedText } from './setting-values.ts'

interface SettingFieldProps {
  setting: PluginSettingView
  /** As typed; undefined while nobody did; null when a secret is to be taken away. */
  text: string | null | undefined
  error: string | undefined
  onText: (text: string | null | undefined) => void
}

/** One setting by its type. */
export function SettingField({ setting, text, error, onText }: SettingFieldProps) {
  const { t } = useTranslation()
  const { key, required, description } = setting
  return (
    <Field
      label={
        <>
          <code>{key}</code>
          {required ? <span className="text-muted-foreground"> · {t('plugins.required')}</span> : null}
        </>
      }
      hint={
        <>
          {description} <SourceNote setting={setting} isRemoved={text === null} />
        </>
      }
      error={error}
    >
      {setting.secret ? (
        <SecretInput setting={setting} text={text} onText={onText} />
      ) : (
        <PlainInput setting={setting} text={text ?? savedText(setting)} onText={onText} />
      )}
    </Field>
  )
}

type PlainInputProps = { setting: PluginSettingView; text: string; onText: (text: string) => void }

function PlainInput({ setting, text, onText, ...props }: PlainInputProps) {
  const { type } = setting
  const fallback = fallbackText(setting)
  if (type === 'boolean') return <SwitchSelect {...{ text, fallback, onText }} {...props} />
  const field = { value: text, placeholder: fallback, spellCheck: false, className: 'font-mono text-xs' }
  if (type === 'strings')
    return (
      <Textarea
        {...props}
        {...field}
        rows={Math.min(8, Math.max(2, (text || fallback).split('\n').length + 1))}
        onChange={(event) => onText(event.target.value)}
      />
    )
  return (
    <Input
      {...props}
      {...field}
      {...(type === 'string' ? {} : { inputMode: 'decimal' as const })}
      autoComplete="off"
      onChange={(event) => onText(event.target.value)}
    />
  )
}

interface SwitchSelectProps {
  text: string
  fallback: string
  onText: (text: string) => void
}

/** Not a switch: there is a third state, in which config.yaml or the default decides. */
function SwitchSelect({ text, fallback, onText, ...props }: SwitchSelectProps) {
  const { t } = useTranslation()
  const nameOf = (value: string) => t(value === 'true' ? 'plugins.on' : 'plugins.off')
  return (
    <Select value={text || 'unset'} onValueChange={(next) => onText(next === 'unset' ? '' : next)}>
      <SelectTrigger {...props}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        <SelectItem value="unset">
          {fallback ? t('plugins.unsetIs', { value: nameOf(fallback) }) : t('plugins.unset')}
        </SelectItem>
        <SelectItem value="true">{t('plugins.on')}</SelectItem>
        <SelectItem value="false">{t('plugins.off')}</SelectItem>
      </SelectContent>
    </Select>
  )
}

function SecretInput({ setting, text, onText, ...props }: Omit<SettingFieldProps, 'error'>) {
  const { t } = useTranslation()
  const isSet = setting.source === 'panel' || setting.source === 'config'
  return (
    <div className="flex gap-2">
      <Input
        {...props}
        type="password"
        value={text ?? ''}
        placeholder={isSet && text !== null ? '••••••••' : ''}
        autoComplete="new-password"
        onChange={(event) => onText(event.target.value === '' ? undefined : event.target.value)}
        className="flex-1 font-mono text-xs"
      />
      {setting.source === 'panel' ? (
        <Button type="button" variant="outline" onClick={() => onText(text === null ? undefined : null)}>
          {t(text === null ? 'plugins.keepSecret' : 'plugins.takeSecret')}
        </Button>
      ) : null}
    </div>
  )
}

function SourceNote({ setting, isRemoved }: { setting: PluginSettingView; isRemoved: boolean }) {
  const { t } = useTranslation()
  if (isRemoved) return t('plugins.source.removed')
  return t(`plugins.source.${setting.source}`)
}

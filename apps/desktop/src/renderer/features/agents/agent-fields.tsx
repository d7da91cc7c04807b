import { useTranslation } from 'react-i18next'
import { ColorPicker } from '@/ui/color-picker.tsx'
import type { Color } from '@/ui/colors.ts'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Label } from '@/ui/label.tsx'

interface FieldProps<T> {
  value: T
  onValue(value: T): void
}

/** What a person calls an agent. */
export function AgentNameField({ value, onValue }: FieldProps<string>) {
  const { t } = useTranslation()
  return (
    <Field label={t('agents.field.name')}>
      <Input
        value={value}
        onChange={(event) => onValue(event.target.value)}
        maxLength={60}
        autoFocus
        required
      />
    </Field>
  )
}

/** The colour of its mark, and of the frame around its pages. */
export function AgentColorField({ value, onValue }: FieldProps<Color | null>) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-1.5">
      <Label asSpan>{t('agents.field.color')}</Label>
      <ColorPicker value={value} onChange={onValue} aria-label={t('agents.field.color')} />
    </div>
  )
}

import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { Input, Textarea } from '@/ui/input.tsx'
import { ariaOf, type WidgetProps } from './widget-props.ts'

const INPUT_TYPES: Record<string, string> = { email: 'email', url: 'url' }

/** One line. What is empty and what is null look different. */
export function TextInput(props: WidgetProps) {
  const { field, value, onChange, isReadOnly } = props
  return (
    <Input
      {...ariaOf(props)}
      type={INPUT_TYPES[field.type] ?? 'text'}
      value={textOf(value)}
      readOnly={isReadOnly}
      placeholder={useEmptyHint(value)}
      autoComplete="off"
      spellCheck={field.type === 'string'}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

export function TextArea(props: WidgetProps & { className?: string; isCode?: boolean }) {
  const { value, onChange, isReadOnly, className, isCode } = props
  const text = textOf(value)
  return (
    <Textarea
      {...ariaOf(props)}
      value={text}
      readOnly={isReadOnly}
      placeholder={useEmptyHint(value)}
      rows={Math.min(14, Math.max(3, text.split('\n').length + 1))}
      spellCheck={!isCode}
      className={cn('field-sizing-content max-h-96', isCode && 'font-mono text-xs', className)}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

export const textOf = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)

/** `null` and an empty text are told apart before anything is typed. */
export function useEmptyHint(value: unknown): string {
  const { t } = useTranslation()
  return value === null ? 'null' : value === '' ? t('record.emptyText') : ''
}

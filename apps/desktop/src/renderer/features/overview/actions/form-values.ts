import type { DialogField } from '@m3m/core/client'

/** What a control holds: text, or whether it is ticked. */
export type FormValue = string | boolean
export type FormValues = Readonly<Record<string, FormValue>>

/** What the fields begin with. */
export function firstValues(fields: readonly DialogField[]): FormValues {
  return Object.fromEntries(fields.map((field) => [field.name, firstValue(field)]))
}

function firstValue({ type, defaultValue }: DialogField): FormValue {
  if (type === 'checkbox') return defaultValue === true
  if (defaultValue === null || typeof defaultValue === 'boolean') return ''
  const text = String(defaultValue)
  if (type === 'date') return text.slice(0, 10)
  return type === 'datetime' ? localTime(text) : text
}

/** The names of fields that lack what they need, and of numbers that are none. */
export function problemsOf(
  fields: readonly DialogField[],
  values: FormValues,
): Record<string, 'required' | 'notANumber'> {
  const problems: Record<string, 'required' | 'notANumber'> = {}
  for (const { name, type, required } of fields) {
    const value = values[name]
    if (required && (value === '' || value === false)) problems[name] = 'required'
    else if (type === 'number' && value !== '' && !Number.isFinite(Number(value)))
      problems[name] = 'notANumber'
  }
  return problems
}

/** As the service gets them: numbers as such, a moment in ISO 8601 UTC, what is empty as `null` where text makes no sense. */
export function valuesToSend(
  fields: readonly DialogField[],
  values: FormValues,
): Record<string, string | number | boolean | null> {
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      const value = values[name] ?? ''
      if (typeof value === 'boolean') return [name, value]
      if (type === 'number') return [name, value.trim() === '' ? null : Number(value)]
      if (type === 'date') return [name, value || null]
      return [name, type === 'datetime' ? (value ? new Date(value).toISOString() : null) : value]
    }),
  )
}

/** A moment as a `datetime-local` control shows it: the person's own time, to the minute. */
function localTime(text: string): string {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) return ''
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

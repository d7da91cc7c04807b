import type { Field } from '@m3m/core/client'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { JsonEditor } from './json-widget.tsx'
import { useFormParts, type WidgetProps } from './widget-props.ts'
import { widgetOf } from './widget-kinds.ts'

interface DocumentFormProps extends WidgetProps {
  /** What the agent says of fields inside, by path below this one. */
  errors: Readonly<Record<string, string>>
}

/** A document with a schema of its own: its fields as a form, or as JSON. */
export function DocumentForm({ errors, ...props }: DocumentFormProps) {
  const { t } = useTranslation()
  const { FormField } = useFormParts()
  const { field, value, onChange, isReadOnly } = props
  const [isJson, setJson] = useState(typeof value === 'string')
  const toggle = (
    <button
      type="button"
      disabled={typeof value === 'string'}
      onClick={() => setJson(!isJson)}
      className="justify-self-start rounded-xs text-xs text-muted-foreground underline-offset-2 hover:text-foreground hover:underline disabled:opacity-50"
    >
      {t(isJson ? 'record.asForm' : 'record.asJson')}
    </button>
  )
  if (isJson || typeof value === 'string')
    return (
      <div className="grid gap-1">
        <JsonEditor {...props} />
        {toggle}
      </div>
    )
  const inner = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as Record<
    string,
    unknown
  >
  const set = (nested: Field, next: unknown) => {
    const { [nested.key]: _was, ...others } = inner
    // Inside a document nothing and null are the same; what is empty is left out.
    const whole = next === null || next === undefined ? others : { ...others, [nested.key]: next }
    onChange(Object.keys(whole).length === 0 && (value === null || value === undefined) ? value : whole)
  }
  return (
    <div className="grid gap-2">
      <fieldset
        id={props.id}
        tabIndex={-1}
        aria-label={field.label ?? field.key}
        className="grid gap-3 rounded-md border border-l-2 p-3"
      >
        {(field.fields ?? []).map((nested) => (
          <FormField
            key={nested.key}
            field={nested}
            path={`${field.key}.${nested.key}`}
            widget={widgetOf(nested, undefined)}
            value={inner[nested.key]}
            errors={errorsBelow(errors, nested.key)}
            isReadOnly={isReadOnly}
            onChange={(next) => set(nested, next)}
          />
        ))}
      </fieldset>
      {toggle}
    </div>
  )
}

/** `city.zip` of `address` becomes `zip` of `city`. */
function errorsBelow(errors: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).flatMap(([path, message]) =>
      path === key
        ? [['', message]]
        : path.startsWith(`${key}.`)
          ? [[path.slice(key.length + 1), message]]
          : [],
    ),
  )
}

import type { Model } from '@m3m/core/client'
import { useMemo } from 'react'
import { cn } from '@/ui/cn.ts'
import { RecordField } from '../record-field.tsx'
import { FormContext } from '../widgets/widget-props.ts'
import { isWide } from '../widgets/widget-kinds.ts'
import type { FieldProblems } from './field-problems.ts'
import { formSections, type PlacedField } from './form-layout.ts'

interface FormFieldsProps {
  model: Pick<Model, 'slug' | 'fields' | 'form'>
  valueOf: (field: PlacedField['field']) => unknown
  problems: ReadonlyMap<string, FieldProblems>
  isReadOnly: boolean
  isChanged?: (key: string) => boolean
  onChange: (field: PlacedField['field'], value: unknown) => void
}

const NONE: FieldProblems = {}

/** The fields of a form under their headings, two in a row where the form says so and there is room. */
export function FormFields({ model, valueOf, problems, isReadOnly, isChanged, onChange }: FormFieldsProps) {
  const parts = useMemo(() => ({ slug: model.slug, FormField: RecordField }), [model.slug])
  return (
    <FormContext value={parts}>
      {formSections(model).map((section, index) => (
        <section
          key={`${index}:${section.title}`}
          className="@container grid gap-3"
          {...(section.title && { 'aria-label': section.title })}
        >
          {section.title ? (
            <h3 className="border-b pb-1 text-xs font-semibold tracking-wide text-muted-foreground">
              {section.title}
            </h3>
          ) : null}
          <div className="grid gap-4 @md:grid-cols-2">
            {section.fields.map(({ field, widget, isHalf }) => (
              <div key={field.id} className={cn('min-w-0', (!isHalf || isWide(widget)) && '@md:col-span-2')}>
                <RecordField
                  field={field}
                  path={field.key}
                  widget={widget}
                  value={valueOf(field)}
                  errors={problems.get(field.key) ?? NONE}
                  isReadOnly={isReadOnly || field.type === 'autodate'}
                  isChanged={isChanged?.(field.key) ?? false}
                  onChange={(value) => onChange(field, value)}
                />
              </div>
            ))}
          </div>
        </section>
      ))}
    </FormContext>
  )
}

import type { DataRecord, Field, Model } from '@m3m/core/client'
import { createContext, use, type ComponentType } from 'react'
import type { WidgetKind } from './widget-kinds.ts'

/** What every control of a form is given; `id` and the `aria-` ones tie it to its label and complaint. */
export interface WidgetProps {
  field: Field
  /** `undefined`: nothing yet, the default will be taken; `null`: no value. */
  value: unknown
  onChange: (value: unknown) => void
  isReadOnly: boolean
  id?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
}

/** The part of the props that goes to the element that takes the focus. */
export const ariaOf = ({ id, ...props }: WidgetProps) => ({
  id,
  'aria-describedby': props['aria-describedby'],
  'aria-invalid': props['aria-invalid'],
})

/** A field of a form with its label; a document's control lays out such ones inside itself. */
export interface FormFieldProps {
  field: Field
  /** Where it stands in the record, to find it again: `address.city`. */
  path: string
  widget: WidgetKind
  value: unknown
  /** What is wrong, by path below the field; `''` is the field itself. */
  errors: Readonly<Record<string, string>>
  isReadOnly: boolean
  /** The value differs from the stored one. */
  isChanged?: boolean
  onChange: (value: unknown) => void
}

/** What a form gives its controls: its model's slug, which keeps uploads apart, and how it draws a field. */
export interface FormParts {
  slug: string
  FormField: ComponentType<FormFieldProps>
}

export const FormContext = createContext<FormParts | null>(null)

export function useFormParts(): FormParts {
  const parts = use(FormContext)
  if (!parts) throw new Error('a widget outside of a form')
  return parts
}

/** A record over the form that points at it. */
export interface StackedRecordProps {
  model: Model
  /** `null` for a new one. */
  recordId: string | null
  onClose: () => void
  onCreated: (record: DataRecord) => void
}

/** Given by the page of a record; a mere preview of a form opens none. */
export const StackedRecordContext = createContext<ComponentType<StackedRecordProps> | null>(null)

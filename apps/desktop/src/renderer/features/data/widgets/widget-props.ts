import type { Field } from '@m3m/core/client'
import { createContext, use } from 'react'

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

/** The model whose form this is: uploads are kept apart by it. */
export const FormModelContext = createContext<{ slug: string } | null>(null)

export function useFormModel(): { slug: string } {
  const model = use(FormModelContext)
  if (!model) throw new Error('a widget outside of a form')
  return model
}

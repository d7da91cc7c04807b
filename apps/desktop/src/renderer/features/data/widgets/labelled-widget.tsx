import { useId, type ComponentProps } from 'react'
import { Widget } from './widget.tsx'

/** A control whose place says to the eye what it is for: only a screen reader needs the word. */
export function LabelledWidget({ label, ...props }: ComponentProps<typeof Widget> & { label: string }) {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <Widget {...props} id={id} />
    </>
  )
}

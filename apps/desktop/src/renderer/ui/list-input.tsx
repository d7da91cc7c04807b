import type { ComponentProps } from 'react'
import { Textarea } from '@/ui/input.tsx'

type ListInputProps = Omit<ComponentProps<'textarea'>, 'value' | 'onChange'> & {
  /** One entry a line; what is typed last may be empty. */
  value: readonly string[]
  onValue: (value: string[]) => void
}

/** A short list of addresses or names, one a line. {@link entriesOf} gives what is meant. */
export function ListInput({ value, onValue, ...props }: ListInputProps) {
  return (
    <Textarea
      rows={Math.min(8, Math.max(2, value.length + 1))}
      spellCheck={false}
      autoComplete="off"
      className="font-mono text-xs"
      value={value.join('\n')}
      onChange={(event) => onValue(event.target.value.split('\n'))}
      {...props}
    />
  )
}

/** Without empty lines and blanks around. */
export const entriesOf = (lines: readonly string[]): string[] =>
  lines.map((line) => line.trim()).filter((line) => line !== '')

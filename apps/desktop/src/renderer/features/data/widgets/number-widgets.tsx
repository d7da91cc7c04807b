import { Slider as SliderPrimitive } from 'radix-ui'
import { useState } from 'react'
import { Input } from '@/ui/input.tsx'
import { useEmptyHint } from './text-widgets.tsx'
import { ariaOf, type WidgetProps } from './widget-props.ts'

/** A text that is no number goes as it is: the agent says what is wrong with it. */
const numberOr = (text: string): number | string => {
  const number = Number(text.trim().replace(',', '.'))
  return Number.isFinite(number) ? number : text
}

const asText = (value: unknown): string => (value === null || value === undefined ? '' : String(value))
const valueOf = (text: string): unknown => (text.trim() === '' ? null : numberOr(text))

/** Typed, or stepped by the arrow keys (with Shift by ten). */
export function NumberInput(props: WidgetProps & { className?: string }) {
  const { field, value, onChange, isReadOnly } = props
  const hint = useEmptyHint(value)
  // `1.` is a number on its way to `1.5`: the text stays as typed while it means the value.
  const [typed, setTyped] = useState(() => asText(value))
  const isTyped = valueOf(typed) === (value ?? null)
  const step = (by: number) => {
    const next = Number(value ?? 0) + by
    if (!Number.isFinite(next)) return
    onChange(Math.min(Number(field.max ?? next), Math.max(Number(field.min ?? next), next)))
  }
  return (
    <Input
      {...ariaOf(props)}
      value={isTyped ? typed : asText(value)}
      readOnly={isReadOnly}
      placeholder={hint}
      inputMode="decimal"
      autoComplete="off"
      className={props.className ?? 'font-mono text-xs tabular'}
      onChange={(event) => {
        setTyped(event.target.value)
        onChange(valueOf(event.target.value))
      }}
      onKeyDown={(event) => {
        if (isReadOnly || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
        event.preventDefault()
        step((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1))
      }}
    />
  )
}

/** Between the field's least and most, with the number beside it. */
export function NumberSlider(props: WidgetProps) {
  const { field, value, onChange, isReadOnly } = props
  const [min, max] = [Number(field.min), Number(field.max)]
  const step = field.type === 'number' ? 1 : (max - min) / 100
  const number = typeof value === 'number' ? value : min
  return (
    <div className="flex items-center gap-3">
      <SliderPrimitive.Root
        value={[Math.min(max, Math.max(min, number))]}
        min={min}
        max={max}
        step={step}
        disabled={isReadOnly}
        // Hundredths of a range are no round numbers in binary.
        onValueChange={([next]) => onChange(Number(next!.toPrecision(12)))}
        className="relative flex h-8 flex-1 touch-none items-center select-none"
      >
        <SliderPrimitive.Track className="relative h-1 grow rounded-full bg-input">
          <SliderPrimitive.Range className="absolute h-full rounded-full bg-primary" />
        </SliderPrimitive.Track>
        <SliderPrimitive.Thumb
          aria-label={field.label ?? field.key}
          className="block size-4 rounded-full border-2 border-primary bg-background focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-ring"
        />
      </SliderPrimitive.Root>
      <NumberInput {...props} className="w-20 text-right font-mono text-xs tabular" />
    </div>
  )
}

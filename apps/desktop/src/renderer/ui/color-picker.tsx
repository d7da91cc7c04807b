import { CheckIcon } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { COLORS, type Color } from '@/ui/colors.ts'
import { projectColor } from '@/ui/project-tile.tsx'

interface ColorPickerProps {
  value: Color | null
  onChange: (color: Color | null) => void
  disabled?: boolean
  'aria-label': string
}

/** None or one of 16; arrow keys move. */
export function ColorPicker({ value, onChange, disabled, ...props }: ColorPickerProps) {
  const { t } = useTranslation()
  return (
    <RadioGroup.Root
      value={value ?? 'none'}
      onValueChange={(next) => onChange(next === 'none' ? null : (next as Color))}
      disabled={disabled ?? false}
      orientation="horizontal"
      className="flex flex-wrap gap-1.5"
      {...props}
    >
      {(['none', ...COLORS] as const).map((color) => (
        <RadioGroup.Item
          key={color}
          value={color}
          aria-label={t(`color.${color}`)}
          title={t(`color.${color}`)}
          style={{ '--tint': projectColor(color) } as never}
          className={cn(
            'grid size-6 place-items-center rounded-md border border-transparent text-background disabled:opacity-50',
            color === 'none' ? 'border-input bg-background text-foreground' : 'bg-(--tint)',
          )}
        >
          <RadioGroup.Indicator>
            <CheckIcon className="size-3.5" strokeWidth={3} />
          </RadioGroup.Indicator>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}

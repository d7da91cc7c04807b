import { Columns3Icon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import type { Column } from './grid-cell.tsx'

interface ColumnMenuProps {
  columns: readonly Column[]
  hidden: readonly string[]
  onHidden: (hidden: string[]) => void
}

/** Which columns are seen; the first one always is. */
export function ColumnMenu({ columns, hidden, onHidden }: ColumnMenuProps) {
  const { t } = useTranslation()
  const toggle = (key: string, isShown: boolean) =>
    onHidden(isShown ? hidden.filter((one) => one !== key) : [...hidden, key])
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button
          variant="outline"
          aria-label={t('data.grid.columns')}
          title={t('data.grid.columns')}
          size="icon"
        >
          <Columns3Icon />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="w-56 p-1">
        <ul aria-label={t('data.grid.columns')} className="max-h-80 overflow-y-auto">
          {columns.map(({ key }, index) => (
            <li key={key}>
              <label className="flex h-8 items-center gap-2 rounded-sm px-2 text-sm hover:bg-accent">
                <Checkbox
                  checked={!hidden.includes(key)}
                  disabled={index === 0}
                  onCheckedChange={(isShown) => toggle(key, isShown === true)}
                />
                <span className="truncate">{key}</span>
              </label>
            </li>
          ))}
        </ul>
      </PopoverContent>
    </Popover>
  )
}

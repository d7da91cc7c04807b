import { RadioGroup } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { PERIODS, type Period } from '@/app/goals/goal-figures.ts'
import { usePeriod } from './use-period.ts'

/** 7, 30 or 90 days; arrow keys move. */
export function PeriodPicker() {
  const { t } = useTranslation()
  const { days, choose } = usePeriod()
  return (
    <RadioGroup.Root
      value={String(days)}
      onValueChange={(next) => choose({ days: Number(next) as Period })}
      orientation="horizontal"
      aria-label={t('goals.period')}
      className="flex h-8 items-stretch rounded-md border border-input p-0.5"
    >
      {PERIODS.map((period) => (
        <RadioGroup.Item
          key={period}
          value={String(period)}
          className="rounded-sm px-2 text-xs text-muted-foreground tabular hover:text-foreground data-[state=checked]:bg-accent data-[state=checked]:font-medium data-[state=checked]:text-foreground"
        >
          {t('goals.days', { count: period })}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}

import { useNavigate, useSearch } from '@tanstack/react-router'
import { stepsOf, type Period, type Step } from '@/app/goals/goal-figures.ts'

export interface PeriodChoice {
  days: Period
  step: Step
  choose: (change: { days?: Period; step?: Step }) => void
}

/** Which days and rows the figures show; kept in the address, the usual ones left out. */
export function usePeriod(): PeriodChoice {
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const days: Period = search.days ?? 30
  const asked: Step = search.step ?? 'day'
  const step = stepsOf(days).includes(asked) ? asked : 'day'
  const choose = (change: { days?: Period; step?: Step }) => {
    const next: { days: Period; step: Step } = { days, step, ...change }
    void navigate({
      to: '.',
      search: {
        ...(next.days !== 30 && { days: next.days }),
        ...(next.step !== 'day' && stepsOf(next.days).includes(next.step) && { step: next.step }),
      },
      replace: true,
    })
  }
  return { days, step, choose }
}

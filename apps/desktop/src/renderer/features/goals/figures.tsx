import { DownloadIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { formatNumber } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { Section } from '@/ui/page.tsx'
import { projectColor } from '@/ui/project-tile.tsx'
import { saveFile } from '@/ui/save-file.ts'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { csvOf, figureRows, lastDays, stepsOf, type Stats, type Step } from '@/app/goals/goal-figures.ts'
import { useGoalStats, type Goal } from '@/app/goals/use-goals.ts'
import type { PeriodChoice } from './use-period.ts'

interface FiguresProps {
  goals: readonly Goal[]
  period: PeriodChoice
  /** Without the days and `.csv`. */
  fileName: string
}

/** Every value of the period: rows by day, week or month, a column for each goal. */
export function Figures({ goals, period, fileName }: FiguresProps) {
  const { t } = useTranslation()
  const { days, step } = period
  const stats = useGoalStats(goals, days, step)
  const known = goals.flatMap((goal) => stats.byGoal.get(goal.id) ?? [])
  const shown = goals.filter(({ id }) => stats.byGoal.has(id))
  const download = () => {
    const { from, to } = lastDays(days, Date.now())
    const text = csvOf(
      shown.map(({ slug }) => slug),
      figureRows(known),
    )
    saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), `${fileName}-${from}-${to}.csv`)
  }
  return (
    <Section
      title={t('goals.figures')}
      description={t('goals.utc')}
      className="max-h-[32rem] overflow-auto [&>div]:overflow-visible"
      actions={
        <>
          <StepSelect period={period} />
          <Button variant="outline" size="sm" disabled={known.length === 0} onClick={download}>
            <DownloadIcon /> {t('goals.csv')}
          </Button>
        </>
      }
    >
      {stats.error ? <ErrorState error={stats.error} onRetry={stats.refetch} className="m-3" /> : null}
      {stats.isPending ? <SkeletonRows rows={7} /> : <FigureTable goals={shown} stats={known} />}
    </Section>
  )
}

function StepSelect({ period: { days, step, choose } }: { period: PeriodChoice }) {
  const { t } = useTranslation()
  const steps = stepsOf(days)
  if (steps.length < 2) return null
  return (
    <Select value={step} onValueChange={(next) => choose({ step: next as Step })}>
      <SelectTrigger size="sm" className="w-auto" aria-label={t('goals.step')}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {steps.map((name) => (
          <SelectItem key={name} value={name}>
            {t(`goals.stepOf.${name}`)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

function FigureTable({ goals, stats }: { goals: readonly Goal[]; stats: readonly Stats[] }) {
  const { t, i18n } = useTranslation()
  const number = (value: number) => formatNumber(value, i18n.language)
  return (
    <Table>
      <TableHeader className="sticky top-0 z-10 bg-background">
        <TableRow className="hover:bg-transparent">
          <TableHead className="sticky left-0 bg-background">{t('goals.date')}</TableHead>
          {goals.map((goal) => (
            <TableHead key={goal.id} className="text-right">
              <span className="inline-flex max-w-40 items-center gap-1.5 align-middle" title={goal.slug}>
                <span
                  aria-hidden
                  className="size-2 shrink-0 rounded-full"
                  style={{ background: projectColor(goal.color) }}
                />
                <span className="truncate">{goal.name}</span>
              </span>
            </TableHead>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>
        <TableRow className="bg-muted font-medium hover:bg-muted">
          <FirstCell isSum>{t('goals.sum')}</FirstCell>
          {stats.map(({ goalId, total }) => (
            <NumberCell key={goalId}>{number(total)}</NumberCell>
          ))}
        </TableRow>
        {figureRows(stats).map(({ at, values }) => (
          <TableRow key={at}>
            <FirstCell>{at}</FirstCell>
            {values.map((value, index) => (
              <NumberCell key={goals[index]!.id} isZero={value === 0}>
                {number(value)}
              </NumberCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

/** Stays at the left while the rest is scrolled, so it hides what passes below it. */
const FirstCell = ({ children, isSum = false }: { children: string; isSum?: boolean }) => (
  <th
    scope="row"
    className={`sticky left-0 px-3 text-left font-mono text-xs whitespace-nowrap tabular ${isSum ? 'bg-muted font-medium' : 'bg-background font-normal'}`}
  >
    {children}
  </th>
)

const NumberCell = ({ children, isZero = false }: { children: string; isZero?: boolean }) => (
  <TableCell
    className={`text-right font-mono text-xs whitespace-nowrap tabular ${isZero ? 'text-muted-foreground' : ''}`}
  >
    {children}
  </TableCell>
)

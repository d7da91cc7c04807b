import { MinusIcon, SparkleIcon, TrendingDownIcon, TrendingUpIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber, formatPercent } from '@/i18n/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Sparkline } from '@/ui/metrics/sparkline.tsx'
import { projectColor } from '@/ui/project-tile.tsx'
import { trendOf, type Stats } from '@/app/goals/goal-figures.ts'
import type { Goal } from '@/app/goals/use-goals.ts'

interface GoalCardProps {
  goal: Goal
  /** The line that counts, as a service of this page writes it. */
  code: string
  /** Of the last 7 days, and of the period chosen; `undefined` until they are there. */
  week: Stats | undefined
  span: Stats | undefined
  days: number
  actions?: ReactNode
  children?: ReactNode
}

/** What one goal counted. */
export function GoalCard({ goal, code, week, span, days, actions, children }: GoalCardProps) {
  const { t, i18n } = useTranslation()
  const isDaily = goal.type === 'daily'
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-md border px-4 py-3">
      <div className="flex h-8 min-w-0 items-center gap-2">
        <span
          aria-hidden
          className="size-2.5 shrink-0 rounded-full"
          style={{ background: projectColor(goal.color) }}
        />
        <h3 className="min-w-0 truncate font-medium" title={goal.name}>
          {goal.name}
        </h3>
        <Badge variant="muted" title={t(`goals.typeHint.${goal.type}`)}>
          {t(`goals.type.${goal.type}`)}
        </Badge>
        {actions ? <div className="-mr-2 ml-auto">{actions}</div> : null}
      </div>
      <div className="flex h-11 items-end justify-between gap-4">
        <p className="flex min-w-0 items-baseline gap-1.5">
          <span className="truncate font-mono text-2xl font-semibold tracking-tight tabular">
            {formatNumber(goal.value, i18n.language)}
          </span>
          <span className="shrink-0 text-xs text-muted-foreground">
            {t(isDaily ? 'goals.today' : 'goals.total')}
          </span>
        </p>
        {isDaily && week ? <WeekLine goal={goal} week={week} /> : null}
      </div>
      <div className="flex min-h-5 min-w-0 flex-wrap items-center gap-x-2 text-xs text-muted-foreground">
        {span ? (
          <>
            <span className="tabular">
              {t('goals.inDays', { value: formatNumber(span.total, i18n.language), days })}
            </span>
            <TrendMark span={span} days={days} />
          </>
        ) : null}
      </div>
      {children}
      {goal.description ? (
        <p className="line-clamp-2 text-xs text-muted-foreground" title={goal.description}>
          {goal.description}
        </p>
      ) : null}
      <div className="mt-auto flex min-w-0 items-center gap-1">
        <code className="min-w-0 truncate text-xs text-muted-foreground" title={goal.slug}>
          {code}
        </code>
        <CopyButton
          value={code}
          label={t('goals.copy', { code })}
          className="shrink-0 text-muted-foreground"
        />
      </div>
    </li>
  )
}

function WeekLine({ goal, week }: { goal: Goal; week: Stats }) {
  const { t, i18n } = useTranslation()
  const days = week.points.map(({ at, value }) => `${at.slice(5)} ${formatNumber(value, i18n.language)}`)
  return (
    <div
      role="img"
      aria-label={t('goals.sparkline', { name: goal.name, values: days.join(', ') })}
      title={days.join('\n')}
      className="h-10 w-28 shrink-0"
      style={{ color: projectColor(goal.color) }}
    >
      {/* The line stands on 0: a day that was taken back more than counted is drawn as nothing. */}
      <Sparkline values={week.points.map(({ value }) => Math.max(0, value))} className="h-full w-full" />
    </div>
  )
}

const TREND_ICONS = { up: TrendingUpIcon, down: TrendingDownIcon, new: SparkleIcon, same: MinusIcon }

/** Whether more is better only the person knows, so no colour says so. */
function TrendMark({ span, days }: { span: Stats; days: number }) {
  const { t, i18n } = useTranslation()
  const trend = trendOf(span)
  const share = 'share' in trend ? formatPercent(trend.share, i18n.language) : ''
  const text = t(`goals.trend.${trend.kind}`, { share, days })
  const Icon = TREND_ICONS[trend.kind]
  return (
    <span title={text} className="inline-flex items-center gap-1 text-foreground tabular">
      <Icon aria-hidden className="size-3.5" />
      <span aria-hidden>
        {trend.kind === 'new'
          ? t('goals.trend.newShort')
          : trend.kind === 'same'
            ? '±0'
            : `${trend.kind === 'up' ? '+' : '−'}${share}`}
      </span>
      <span className="sr-only">{text}</span>
    </span>
  )
}

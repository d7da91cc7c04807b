import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Stats } from '@/app/goals/goal-figures.ts'
import { useGoals, useGoalStats, type Goal } from '@/app/goals/use-goals.ts'
import { useProject } from '@/app/project/project-context.ts'
import { formatNumber } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { Sparkline } from '@/ui/metrics/sparkline.tsx'
import { Section } from '@/ui/page.tsx'
import { projectColor } from '@/ui/project-tile.tsx'

/** As many as one sees at a glance; the rest is a click away. */
const MOST = 6

/** What the project's goals counted: the number, and 7 days of it. Not there while there are no goals. */
export function GoalsWeek() {
  const { t } = useTranslation()
  const project = useProject()
  const goals = useGoals(project.id)
  const shown = (goals.data ?? []).slice(0, MOST)
  const stats = useGoalStats(shown, 7, 'day')
  if (shown.length === 0) return null
  return (
    <Section
      title={t('overview.goals')}
      description={t('overview.goalsSpan')}
      actions={
        <Button asChild variant="ghost" size="sm">
          <Link to="/projects/$slug/goals" params={{ slug: project.slug }}>
            {t('overview.allGoals')}
          </Link>
        </Button>
      }
      className="overflow-hidden"
    >
      <ul className="-mr-px -mb-px grid grid-cols-2 sm:grid-cols-3">
        {shown.map((goal) => (
          <GoalTile key={goal.id} goal={goal} week={stats.byGoal.get(goal.id)} />
        ))}
      </ul>
    </Section>
  )
}

function GoalTile({ goal, week }: { goal: Goal; week: Stats | undefined }) {
  const { t, i18n } = useTranslation()
  const number = (value: number) => formatNumber(value, i18n.language)
  const days = (week?.points ?? []).map(({ at, value }) => `${at.slice(5)} ${number(value)}`)
  return (
    <li className="grid min-w-0 gap-1.5 border-r border-b px-3 py-2.5">
      <p className="flex min-w-0 items-center gap-1.5 text-xs text-muted-foreground">
        <span
          aria-hidden
          className="size-2 shrink-0 rounded-full"
          style={{ background: projectColor(goal.color) }}
        />
        <span className="truncate" title={goal.name}>
          {goal.name}
        </span>
      </p>
      <p className="flex items-baseline gap-1.5">
        <span className="truncate font-mono text-lg font-semibold tabular">{number(goal.value)}</span>
        <span className="shrink-0 text-2xs text-muted-foreground">
          {t(goal.type === 'daily' ? 'goals.today' : 'goals.total')}
        </span>
      </p>
      <div
        role="img"
        aria-label={t('goals.sparkline', { name: goal.name, values: days.join(', ') })}
        title={days.join('\n')}
        className="h-7"
        style={{ color: projectColor(goal.color) }}
      >
        {week ? (
          <Sparkline values={week.points.map(({ value }) => Math.max(0, value))} className="h-full w-full" />
        ) : null}
      </div>
    </li>
  )
}

import { useQuery } from '@tanstack/react-query'
import { GoalIcon, PlusIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMe } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Page } from '@/ui/page.tsx'
import { ProjectTile } from '@/ui/project-tile.tsx'
import { Figures } from './figures.tsx'
import { GoalActions } from './goal-actions.tsx'
import { GoalCard } from './goal-card.tsx'
import { GoalCards, GoalCardSkeletons } from './goal-cards.tsx'
import { GoalDialog } from './goal-dialog.tsx'
import { incrementLine } from './goal-slugs.ts'
import { NoGoals } from './no-goals.tsx'
import { PeriodPicker } from './period-picker.tsx'
import { useGoals, useGoalStats, type Goal } from '@/app/goals/use-goals.ts'
import { usePeriod } from './use-period.ts'

/** Goals that several projects write; who manages operators manages them. */
export function GlobalGoalsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const mayManage = me?.root === true || me?.rights.manageUsers === true
  const [isAdding, setAdding] = useState(false)
  const period = usePeriod()
  const list = useGoals()
  const goals = list.data ?? []
  const add = mayManage ? (
    <Button onClick={() => setAdding(true)}>
      <PlusIcon /> {t('goals.newGlobal')}
    </Button>
  ) : null
  return (
    <Page
      title={t('nav.globalGoals')}
      actions={
        goals.length > 0 ? (
          <>
            <PeriodPicker />
            {add}
          </>
        ) : null
      }
    >
      {list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <GoalCardSkeletons /> : null}
      {list.data?.length === 0 ? (
        <NoGoals
          icon={<GoalIcon />}
          title={t('goals.emptyGlobal')}
          hint={t(mayManage ? 'goals.emptyGlobalHint' : 'goals.emptyGlobalNone')}
          code={mayManage ? incrementLine('orders') : null}
          action={add}
        />
      ) : null}
      {goals.length > 0 ? (
        <>
          <GlobalCards goals={goals} mayManage={mayManage} />
          <Figures goals={goals} period={period} fileName="goals" />
        </>
      ) : null}
      {isAdding ? <GoalDialog isGlobal usable={goals} onClose={() => setAdding(false)} /> : null}
    </Page>
  )
}

function GlobalCards({ goals, mayManage }: { goals: readonly Goal[]; mayManage: boolean }) {
  const { t } = useTranslation()
  const { days } = usePeriod()
  const week = useGoalStats(goals, 7, 'day')
  const span = useGoalStats(goals, days, 'day')
  return (
    <GoalCards label={t('nav.globalGoals')}>
      {goals.map((goal) => (
        <GoalCard
          key={goal.id}
          goal={goal}
          code={incrementLine(goal.slug)}
          week={week.byGoal.get(goal.id)}
          span={span.byGoal.get(goal.id)}
          days={days}
          actions={
            mayManage ? <GoalActions goal={goal} code={incrementLine(goal.slug)} usable={goals} /> : null
          }
        >
          <Writers projectIds={goal.projects} />
        </GoalCard>
      ))}
    </GoalCards>
  )
}

function Writers({ projectIds }: { projectIds: readonly string[] }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions()).data
  const writers = projects?.filter(({ id }) => projectIds.includes(id))
  return (
    <div className="flex min-h-5 min-w-0 items-center gap-1.5 text-xs text-muted-foreground">
      <span className="shrink-0">{t('goals.writers')}:</span>
      {writers?.length === 0 ? <span className="truncate">{t('goals.noWriters')}</span> : null}
      {writers?.slice(0, 3).map(({ id, name, color }) => (
        <span key={id} title={name} className="flex min-w-0 items-center gap-1">
          <ProjectTile name={name} color={color} className="size-4 text-[9px]" />
          <span className="truncate">{name}</span>
        </span>
      ))}
      {writers && writers.length > 3 ? (
        <span
          className="shrink-0"
          title={writers
            .slice(3)
            .map(({ name }) => name)
            .join(', ')}
        >
          +{writers.length - 3}
        </span>
      ) : null}
    </div>
  )
}

import { PlusIcon, TargetIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { Page } from '@/ui/page.tsx'
import { Figures } from './figures.tsx'
import { GoalActions } from './goal-actions.tsx'
import { GoalCard } from './goal-card.tsx'
import { GoalCards, GoalCardSkeletons } from './goal-cards.tsx'
import { GoalDialog } from './goal-dialog.tsx'
import { incrementLine, slugInCode } from './goal-slugs.ts'
import { NoGoals } from './no-goals.tsx'
import { PeriodPicker } from './period-picker.tsx'
import { useGoals, useGoalStats, type Goal } from '@/app/goals/use-goals.ts'
import { usePeriod } from './use-period.ts'

/** The project's own goals, and the global ones that it may write. */
export function ProjectGoalsPage() {
  const { t } = useTranslation()
  const project = useProject()
  const mayManage = useMay('code:write')
  const [isAdding, setAdding] = useState(false)
  const period = usePeriod()
  const list = useGoals(project.id)
  const globals = useGoals().data?.filter(({ projects }) => projects.includes(project.id)) ?? []
  const own = list.data ?? []
  const usable = [...own, ...globals]
  const add = mayManage ? (
    <Button onClick={() => setAdding(true)}>
      <PlusIcon /> {t('goals.new')}
    </Button>
  ) : null
  const codeOf = (goal: Goal) => incrementLine(slugInCode(goal, goal.projectId ? project.slug : null, usable))
  return (
    <Page
      title={t('nav.goals')}
      actions={
        usable.length > 0 ? (
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
          icon={<TargetIcon />}
          title={t('goals.empty')}
          hint={t('goals.emptyHint')}
          code={incrementLine('orders')}
          action={add}
        />
      ) : null}
      <OwnAndGlobal own={own} globals={globals} codeOf={codeOf} mayManage={mayManage} />
      {usable.length > 0 ? (
        <Figures goals={usable} period={period} fileName={`goals-${project.slug}`} />
      ) : null}
      {isAdding ? <GoalDialog usable={usable} onClose={() => setAdding(false)} /> : null}
    </Page>
  )
}

interface CardsProps {
  own: readonly Goal[]
  globals: readonly Goal[]
  codeOf: (goal: Goal) => string
  mayManage: boolean
}

function OwnAndGlobal({ own, globals, codeOf, mayManage }: CardsProps) {
  const { t } = useTranslation()
  const { days } = usePeriod()
  const week = useGoalStats([...own, ...globals], 7, 'day')
  const span = useGoalStats([...own, ...globals], days, 'day')
  const card = (goal: Goal, actions?: boolean) => (
    <GoalCard
      key={goal.id}
      goal={goal}
      code={codeOf(goal)}
      week={week.byGoal.get(goal.id)}
      span={span.byGoal.get(goal.id)}
      days={days}
      actions={actions ? <GoalActions goal={goal} code={codeOf(goal)} usable={[...own, ...globals]} /> : null}
    />
  )
  return (
    <>
      {own.length > 0 ? (
        <GoalCards title={globals.length > 0 ? t('goals.own') : undefined} label={t('goals.own')}>
          {own.map((goal) => card(goal, mayManage))}
        </GoalCards>
      ) : null}
      {globals.length > 0 ? (
        <GoalCards title={t('goals.global')} label={t('nav.globalGoals')} description={t('goals.globalHint')}>
          {globals.map((goal) => card(goal))}
        </GoalCards>
      ) : null}
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { withoutEmpty, type AuditSearch } from './audit-filter.ts'
import type { TypedText } from './use-typed-text.ts'

/** Areas of the API that write to the log; a filter takes their actions by the beginning. */
const GROUPS = [
  'auth',
  'profile',
  'users',
  'projects',
  'members',
  'apiKeys',
  'pipeline',
  'runs',
  'actions',
  'jobs',
  'queue',
  'env',
  'models',
  'records',
  'views',
  'storage',
  'goals',
  'alerts',
  'plugins',
  'agent',
] as const

/** A select has no empty value. */
const ALL = 'all'

/** They stand in the address, so that a view of the log can be sent to somebody. */
export function AuditFilters({ text }: { text: TypedText }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const search = useSearch({ from: '/audit' })
  const navigate = useNavigate()
  const operators = useQuery(trpc.users.list.queryOptions())
  const projects = useQuery(trpc.projects.list.queryOptions())
  const set = (change: AuditSearch) =>
    void navigate({ to: '/audit', search: withoutEmpty({ ...search, ...change }), replace: true })
  const people = (operators.data ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const places = (projects.data ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const groups = GROUPS.map((group) => ({ value: `${group}.`, label: t(`audit.group.${group}`) }))
  return (
    <div className="grid grid-cols-2 items-center gap-2 sm:flex sm:flex-wrap" role="search">
      <Input
        type="search"
        value={text.typed}
        onChange={(event) => text.setTyped(event.target.value)}
        placeholder={t('audit.text')}
        aria-label={t('audit.text')}
        className="col-span-2 sm:w-64"
      />
      <Choice
        label={t('audit.column.who')}
        none={t('audit.everybody')}
        choices={people}
        value={search.user}
        onValue={(user) => set({ user })}
      />
      <Choice
        label={t('audit.column.action')}
        none={t('audit.everything')}
        choices={groups}
        value={search.action}
        onValue={(action) => set({ action })}
      />
      <Choice
        label={t('nav.projects')}
        none={t('audit.allProjects')}
        choices={places}
        value={search.project}
        onValue={(project) => set({ project })}
        className="max-sm:col-span-2"
      />
      {/* One thing: it does not break between its ends. */}
      <div className="col-span-2 grid grid-cols-2 gap-2 sm:flex">
        {(['from', 'to'] as const).map((end) => (
          <label
            key={end}
            className="grid gap-1 text-xs text-muted-foreground sm:flex sm:items-center sm:gap-1.5"
          >
            {t(`audit.${end}`)}
            <Input
              type="date"
              className="sm:w-36"
              value={search[end] ?? ''}
              onChange={(event) => set({ [end]: event.target.value })}
            />
          </label>
        ))}
      </div>
      {Object.keys(search).length > 0 || text.typed !== '' ? (
        <Button
          variant="ghost"
          className="justify-self-start"
          onClick={() => {
            text.setTyped('')
            void navigate({ to: '/audit', search: {}, replace: true })
          }}
        >
          {t('audit.clear')}
        </Button>
      ) : null}
    </div>
  )
}

interface ChoiceProps {
  label: string
  /** What is shown when nothing is chosen. */
  none: string
  choices: readonly { value: string; label: string }[]
  value: string | undefined
  onValue: (value: string) => void
  className?: string
}

function Choice({ label, none, choices, value, onValue, className }: ChoiceProps) {
  return (
    <Select value={value ?? ALL} onValueChange={(next) => onValue(next === ALL ? '' : next)}>
      <SelectTrigger className={cn('w-full sm:w-40', className)} aria-label={label}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        <SelectItem value={ALL}>{none}</SelectItem>
        {choices.map((choice) => (
          <SelectItem key={choice.value} value={choice.value}>
            {choice.label}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

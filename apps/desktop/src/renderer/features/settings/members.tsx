import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Trash2Icon } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { OperatorAvatar } from '@/app/session/operator-avatar.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Input } from '@/ui/input.tsx'
import { Section } from '@/ui/page.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'

const ROLES = ['viewer', 'editor', 'developer', 'owner'] as const
type Role = (typeof ROLES)[number]

/** Operators with a role in this project. */
export function Members() {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const members = useQuery(trpc.projects.members.list.queryOptions({ projectId }))
  const options = {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.projects.members.pathKey() }),
  }
  const update = useMutation(trpc.projects.members.update.mutationOptions(options))
  const remove = useMutation(trpc.projects.members.remove.mutationOptions(options))
  return (
    <Section title={t('settings.members')} description={t('settings.membersHint')}>
      {members.isPending ? <SkeletonRows rows={2} /> : null}
      {members.error ? (
        <ErrorState error={members.error} onRetry={() => void members.refetch()} className="m-3" />
      ) : null}
      {members.data?.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted-foreground">{t('settings.noMembers')}</p>
      ) : null}
      <ul className="divide-y">
        {members.data?.map((member) => (
          <li key={member.userId} className="flex items-center gap-3 px-4 py-1.5">
            <OperatorAvatar operator={{ ...member, id: member.userId }} />
            <span className="min-w-0 flex-1 truncate">
              {member.name} <span className="text-muted-foreground">{member.email}</span>
            </span>
            <RoleSelect
              role={member.role}
              label={t('settings.memberRole', { name: member.name })}
              onRole={(role) => update.mutate({ projectId, userId: member.userId, role })}
            />
            <Button
              variant="ghost"
              size="icon"
              className="text-muted-foreground"
              aria-label={t('settings.removeMember', { name: member.name })}
              onClick={() => remove.mutate({ projectId, userId: member.userId })}
            >
              <Trash2Icon />
            </Button>
          </li>
        ))}
      </ul>
      <AddMember />
    </Section>
  )
}

function RoleSelect({ role, label, onRole }: { role: Role; label: string; onRole: (role: Role) => void }) {
  const { t } = useTranslation()
  return (
    <Select value={role} onValueChange={(next) => onRole(next as Role)}>
      <SelectTrigger className="w-34" aria-label={label}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {ROLES.map((name) => (
          <SelectItem key={name} value={name}>
            {t(`settings.role.${name}`)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

function AddMember() {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('developer')
  const add = useMutation(
    trpc.projects.members.add.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        setEmail('')
        await queryClient.invalidateQueries({ queryKey: trpc.projects.members.pathKey() })
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ projectId, email: email.trim(), role })
  }
  return (
    <form onSubmit={submit} className="grid gap-2 border-t px-4 py-2.5">
      <div className="flex flex-wrap gap-2">
        <Input
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          aria-label={t('settings.memberEmail')}
          placeholder={t('settings.memberEmail')}
          autoComplete="off"
          required
          className="min-w-48 flex-1"
        />
        <RoleSelect role={role} label={t('settings.memberRole', { name: email })} onRole={setRole} />
        <Button type="submit" variant="outline" disabled={!email.trim() || add.isPending}>
          {t('settings.addMember')}
        </Button>
      </div>
      {add.error ? <ErrorState error={add.error} /> : null}
    </form>
  )
}

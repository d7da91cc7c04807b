import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrorOf } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { PasswordMeter } from '@/ui/password-meter.tsx'
import { ProjectTile } from '@/ui/project-tile.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import type { Operator } from './operators-page.tsx'

type Rights = Operator['rights']
const ROLES = ['viewer', 'editor', 'developer', 'owner'] as const
const NO_RIGHTS: Rights = { createProjects: false, manageUsers: false, projects: [] }

/** A new operator, or the name, address and rights of one. */
export function OperatorDialog({ operator, onClose }: { operator?: Operator; onClose: () => void }) {
  const { t } = useTranslation()
  const form = useOperatorForm(operator, onClose)
  const { error } = form
  const known = ['name', 'email', 'password'].some((field) => fieldErrorOf(error, field))
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="sm:max-w-lg">
        <DialogHeader
          title={operator ? t('operators.editTitle', { name: operator.name }) : t('operators.new')}
        />
        <form onSubmit={form.submit} className="grid gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('operators.field.name')} error={fieldErrorOf(error, 'name')}>
              <Input
                value={form.name}
                onChange={(event) => form.setName(event.target.value)}
                maxLength={100}
                required
                autoFocus
                autoComplete="off"
              />
            </Field>
            <Field label={t('operators.field.email')} error={fieldErrorOf(error, 'email')}>
              <Input
                type="email"
                value={form.email}
                onChange={(event) => form.setEmail(event.target.value)}
                required
                autoComplete="off"
              />
            </Field>
          </div>
          {operator ? null : (
            <FirstPassword
              value={form.password}
              onValue={form.setPassword}
              known={[form.name, form.email]}
              error={fieldErrorOf(error, 'password')}
            />
          )}
          <RightsFields rights={form.rights} onChange={form.setRights} />
          {error && !known ? <ErrorState error={error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={form.isPending}>
              {t(operator ? 'operators.save' : 'operators.create')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

function useOperatorForm(operator: Operator | undefined, onClose: () => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState(operator?.name ?? '')
  const [email, setEmail] = useState(operator?.email ?? '')
  const [password, setPassword] = useState('')
  const [rights, setRights] = useState<Rights>(operator?.rights ?? NO_RIGHTS)
  const options = {
    meta: { showsError: true },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: trpc.users.pathKey() })
      onClose()
    },
  }
  const create = useMutation(trpc.users.create.mutationOptions(options))
  const update = useMutation(trpc.users.update.mutationOptions(options))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const shared = { name: name.trim(), email: email.trim(), rights }
    if (operator) update.mutate({ userId: operator.id, ...shared })
    else create.mutate({ ...shared, password })
  }
  return {
    name,
    setName,
    email,
    setEmail,
    password,
    setPassword,
    rights,
    setRights,
    submit,
    error: create.error ?? update.error,
    isPending: create.isPending || update.isPending,
  }
}

function RightsFields({ rights, onChange }: { rights: Rights; onChange: (rights: Rights) => void }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions())
  const setRole = (projectId: string, role: string) => {
    const others = rights.projects.filter((grant) => grant.projectId !== projectId)
    const granted = role === 'none' ? [] : [{ projectId, role: role as (typeof ROLES)[number] }]
    onChange({ ...rights, projects: [...others, ...granted] })
  }
  return (
    <>
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-sm font-medium">{t('operators.field.rights')}</legend>
        {(['createProjects', 'manageUsers'] as const).map((right) => (
          <label key={right} className="flex items-center gap-2">
            <Checkbox
              checked={rights[right]}
              onCheckedChange={(isOn) => onChange({ ...rights, [right]: isOn === true })}
              aria-label={t(`operators.right.${right}`)}
            />
            {t(`operators.right.${right}`)}
          </label>
        ))}
      </fieldset>
      {projects.data?.length ? (
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium">{t('operators.field.projects')}</legend>
          <ul className="max-h-56 divide-y overflow-y-auto rounded-md border">
            {projects.data.map((project) => (
              <ProjectRole
                key={project.id}
                project={project}
                role={rights.projects.find((grant) => grant.projectId === project.id)?.role ?? 'none'}
                onRole={(role) => setRole(project.id, role)}
              />
            ))}
          </ul>
        </fieldset>
      ) : null}
    </>
  )
}

interface ProjectRoleProps {
  project: Outputs['projects']['list'][number]
  role: string
  onRole: (role: string) => void
}

function ProjectRole({ project, role, onRole }: ProjectRoleProps) {
  const { t } = useTranslation()
  return (
    <li className="flex items-center gap-2 px-3 py-1">
      <ProjectTile name={project.name} color={project.color} />
      <span className="min-w-0 flex-1 truncate">{project.name}</span>
      <Select value={role} onValueChange={onRole}>
        <SelectTrigger
          size="sm"
          className="w-32"
          aria-label={t('settings.memberRole', { name: project.name })}
        >
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          <SelectItem value="none">{t('operators.noRole')}</SelectItem>
          {ROLES.map((name) => (
            <SelectItem key={name} value={name}>
              {t(`settings.role.${name}`)}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </li>
  )
}

interface FirstPasswordProps {
  value: string
  onValue: (password: string) => void
  /** What somebody who guesses would try first. */
  known: readonly string[]
  error: string | undefined
}

function FirstPassword({ value, onValue, known, error }: FirstPasswordProps) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-2">
      <Field label={t('operators.field.password')} hint={t('operators.passwordHint')} error={error}>
        <Input
          type="password"
          value={value}
          onChange={(event) => onValue(event.target.value)}
          minLength={8}
          maxLength={256}
          required
          autoComplete="new-password"
        />
      </Field>
      <PasswordMeter password={value} known={known} />
    </div>
  )
}

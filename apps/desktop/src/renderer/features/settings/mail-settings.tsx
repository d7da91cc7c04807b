import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useUnsaved } from '@/app/leave/unsaved.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useMe } from '@/app/session/panel.tsx'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Section } from '@/ui/page.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import {
  hasMailPassword,
  MAIL_SECURITY,
  mailDraftOf,
  mailProblems,
  withMail,
  type MailDraft,
  type MailSecurity,
} from './mail-draft.ts'
import { SettingsForm } from './settings-form.tsx'

type VariableList = Outputs['env']['list']

/** The mail server of this project: its service and its alerts send by it. Kept as variables `SMTP_*`. */
export function MailSettings() {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const list = useQuery(trpc.env.list.queryOptions({ projectId }))
  if (list.data) return <MailForm key={list.data.revision} list={list.data} />
  return (
    <Section title={t('projectMail.title')} description={t('projectMail.hint')}>
      {list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="m-3" />
      ) : (
        <SkeletonRows rows={3} />
      )}
    </Section>
  )
}

function useMailForm(list: VariableList) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [saved] = useState(() => mailDraftOf(list))
  const [draft, setDraft] = useState(saved)
  const [isShowing, setShowing] = useState(false)
  const problems = mailProblems(draft)
  const isChanged = JSON.stringify(draft) !== JSON.stringify(saved)
  const mutation = useMutation(
    trpc.env.save.mutationOptions({
      meta: { showsError: true },
      onSuccess: (next) => {
        queryClient.setQueryData(trpc.env.list.queryKey({ projectId }), next)
        toast.success(t('settings.saved'))
      },
    }),
  )
  useUnsaved(isChanged)
  return {
    draft,
    saved,
    set: (change: Partial<MailDraft>) => setDraft({ ...draft, ...change }),
    problem: (field: 'port' | 'from') =>
      isShowing && problems.has(field) ? t(`projectMail.problem.${field}`) : undefined,
    isChanged,
    isPending: mutation.isPending,
    error: mutation.error,
    save() {
      setShowing(true)
      if (problems.size > 0) return
      mutation.mutate({
        projectId,
        variables: withMail(list.variables, draft),
        revision: list.revision,
      })
    },
  }
}

type Form = ReturnType<typeof useMailForm>

function MailForm({ list }: { list: VariableList }) {
  const { t } = useTranslation()
  const form = useMailForm(list)
  return (
    <SettingsForm
      title={t('projectMail.title')}
      description={t('projectMail.hint')}
      form={form}
      effect={t('projectMail.effect')}
    >
      <Server form={form} />
      <Sender form={form} keepsPassword={hasMailPassword(list)} />
      {form.saved.host === '' ? null : <TestMail isChanged={form.isChanged} />}
    </SettingsForm>
  )
}

function Server({ form: { draft, set, problem } }: { form: Form }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-4 sm:grid-cols-[1fr_11rem_6rem]">
      <Field label={t('agentSettings.mail.host')} hint={t('projectMail.hostHint')}>
        <Input
          value={draft.host}
          maxLength={253}
          onChange={(event) => set({ host: event.target.value })}
          placeholder="smtp.example.com"
          spellCheck={false}
          className="font-mono text-xs"
        />
      </Field>
      <Field label={t('agentSettings.mail.security')}>
        <SecuritySelect security={draft.security} onSecurity={(security) => set({ security })} />
      </Field>
      <Field label={t('agentSettings.mail.port')} error={problem('port')}>
        <Input
          inputMode="numeric"
          value={draft.port}
          maxLength={5}
          onChange={(event) => set({ port: event.target.value })}
        />
      </Field>
    </div>
  )
}

function Sender({ form: { draft, set, problem }, keepsPassword }: { form: Form; keepsPassword: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('agentSettings.mail.user')}>
          <Input
            value={draft.user}
            maxLength={200}
            onChange={(event) => set({ user: event.target.value })}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field
          label={t('agentSettings.mail.password')}
          hint={t(keepsPassword ? 'agentSettings.mail.passwordKept' : 'agentSettings.mail.passwordHint')}
        >
          <Input
            type="password"
            value={draft.password}
            maxLength={500}
            onChange={(event) => set({ password: event.target.value })}
            autoComplete="new-password"
            {...(keepsPassword && { placeholder: '••••••••' })}
          />
        </Field>
      </div>
      <Field
        label={t('agentSettings.mail.from')}
        hint={t('agentSettings.mail.fromHint')}
        error={problem('from')}
      >
        <Input
          value={draft.from}
          maxLength={300}
          onChange={(event) => set({ from: event.target.value })}
          placeholder="Shop <shop@example.com>"
          spellCheck={false}
        />
      </Field>
    </>
  )
}

interface SecuritySelectProps {
  security: MailSecurity
  onSecurity: (security: MailSecurity) => void
}

function SecuritySelect({ security, onSecurity, ...props }: SecuritySelectProps) {
  const { t } = useTranslation()
  return (
    <Select value={security} onValueChange={(next) => onSecurity(next as MailSecurity)}>
      <SelectTrigger {...props}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {MAIL_SECURITY.map((name) => (
          <SelectItem key={name} value={name}>
            {name === 'auto' ? t('projectMail.auto') : t(`agentSettings.mail.securityOf.${name}`)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

/** By what is saved; says what the server said. */
function TestMail({ isChanged }: { isChanged: boolean }) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const me = useMe()
  const trpc = useTRPC()
  const [to, setTo] = useState<string | null>(null)
  const test = useMutation(trpc.projects.sendTestMail.mutationOptions({ meta: { showsError: true } }))
  const address = to ?? me?.email ?? ''
  const answer = test.data ? t('agentSettings.mail.answer', { response: test.data.response }) : null
  return (
    <div className="grid gap-1.5 border-t pt-4">
      <div className="flex flex-wrap items-end gap-2">
        <Field label={t('agentSettings.mail.testTo')} className="min-w-52 flex-1">
          <Input type="email" value={address} onChange={(event) => setTo(event.target.value)} />
        </Field>
        <Button
          type="button"
          variant="outline"
          disabled={isChanged || test.isPending || !address.includes('@')}
          onClick={() => test.mutate({ projectId, to: address.trim() })}
        >
          {t(test.isPending ? 'agentSettings.mail.testing' : 'agentSettings.mail.test')}
        </Button>
      </div>
      <p
        role="status"
        className={`text-xs break-words ${test.error ? 'text-destructive' : 'text-muted-foreground'}`}
      >
        {test.error ? describeError(test.error).message : (answer ?? t('agentSettings.mail.testHint'))}
      </p>
    </div>
  )
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useUnsaved } from '@/app/leave/unsaved.tsx'
import { MailSecuritySelect } from '@/app/mail/mail-security.tsx'
import { TestMail } from '@/app/mail/test-mail.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import {
  hasMailPassword,
  MAIL_SECURITY,
  mailDraftOf,
  mailProblems,
  withMail,
  type MailDraft,
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
      {form.saved.host === '' ? null : <TestProjectMail isChanged={form.isChanged} />}
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
        <MailSecuritySelect
          security={draft.security}
          options={MAIL_SECURITY}
          labelOf={(name) =>
            name === 'auto' ? t('projectMail.auto') : t(`agentSettings.mail.securityOf.${name}`)
          }
          onSecurity={(security) => set({ security })}
        />
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

/** By the project's own server. */
function TestProjectMail({ isChanged }: { isChanged: boolean }) {
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const test = useMutation(trpc.projects.sendTestMail.mutationOptions({ meta: { showsError: true } }))
  return <TestMail isChanged={isChanged} test={test} onSend={(to) => test.mutate({ projectId, to })} />
}

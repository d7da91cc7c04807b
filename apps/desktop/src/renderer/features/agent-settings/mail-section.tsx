import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUnsaved } from '@/app/leave/unsaved.tsx'
import { MailSecuritySelect } from '@/app/mail/mail-security.tsx'
import { TestMail } from '@/app/mail/test-mail.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { SettingsSection } from './settings-section.tsx'
import { useAgentSection, type AgentSettings } from './use-agent-section.ts'

const SECURITY = ['starttls', 'tls', 'none'] as const
type Security = (typeof SECURITY)[number]
/** Where mail programs expect the server by its security (RFC 6409, RFC 8314). */
const PORTS: Record<Security, number> = { starttls: 587, tls: 465, none: 25 }

type MailForm = ReturnType<typeof useAgentSection<'mail'>>

/** The mail server of the agent: alerts go by it. */
export function MailSection({ settings }: { settings: AgentSettings }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const form = useAgentSection('mail', settings, () => setPassword(''))
  const { draft, set } = form
  const isSet = settings.mail.value.host !== null
  const keepsPassword = settings.hasMailPassword && draft.host === settings.mail.value.host
  useUnsaved(password !== '')
  return (
    <SettingsSection
      {...form}
      isChanged={form.isChanged || password !== ''}
      title={t('agentSettings.mail.title')}
      description={t('agentSettings.mail.hint')}
      effect={t('agentSettings.atOnce')}
      onSave={() => form.save({ ...draft, ...(password !== '' && { password }) })}
      onGiveBack={form.giveBack}
    >
      <Server form={form} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('agentSettings.mail.user')} error={form.fieldError('user')}>
          <Input
            value={draft.user}
            onChange={(event) => set({ user: event.target.value })}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field
          label={t('agentSettings.mail.password')}
          hint={t(keepsPassword ? 'agentSettings.mail.passwordKept' : 'agentSettings.mail.passwordHint')}
          error={form.fieldError('password')}
        >
          <Input
            type="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="new-password"
            {...(keepsPassword && { placeholder: '••••••••' })}
          />
        </Field>
      </div>
      <Field
        label={t('agentSettings.mail.from')}
        hint={t('agentSettings.mail.fromHint')}
        error={form.fieldError('from')}
      >
        <Input
          value={draft.from}
          onChange={(event) => set({ from: event.target.value })}
          placeholder="m3m <m3m@example.com>"
          spellCheck={false}
        />
      </Field>
      {isSet ? <TestAgentMail isChanged={form.isChanged || password !== ''} /> : null}
    </SettingsSection>
  )
}

function Server({ form }: { form: MailForm }) {
  const { t } = useTranslation()
  const { draft, set } = form
  const secure = (security: Security) =>
    set({ security, ...(Object.values(PORTS).includes(draft.port) && { port: PORTS[security] }) })
  return (
    <div className="grid gap-4 sm:grid-cols-[1fr_9rem_6rem]">
      <Field
        label={t('agentSettings.mail.host')}
        hint={t('agentSettings.mail.hostHint')}
        error={form.fieldError('host')}
      >
        <Input
          value={draft.host ?? ''}
          onChange={(event) => set({ host: event.target.value.trim() || null })}
          placeholder="smtp.example.com"
          spellCheck={false}
          className="font-mono text-xs"
        />
      </Field>
      <Field label={t('agentSettings.mail.security')}>
        <MailSecuritySelect
          security={draft.security}
          options={SECURITY}
          labelOf={(name) => t(`agentSettings.mail.securityOf.${name}`)}
          onSecurity={secure}
        />
      </Field>
      <Field label={t('agentSettings.mail.port')} error={form.fieldError('port')}>
        <Input
          type="number"
          min={1}
          max={65_535}
          value={draft.port}
          onChange={(event) => set({ port: Number(event.target.value) })}
        />
      </Field>
    </div>
  )
}

function TestAgentMail({ isChanged }: { isChanged: boolean }) {
  const trpc = useTRPC()
  const test = useMutation(trpc.agent.sendTestMail.mutationOptions({ meta: { showsError: true } }))
  return <TestMail isChanged={isChanged} test={test} onSend={(to) => test.mutate({ to })} />
}

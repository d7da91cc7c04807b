import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUnsaved } from '@/app/leave/unsaved.tsx'
import { useMe } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { describeError } from '@/app/errors/describe-error.ts'
import { Button } from '@/ui/button.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
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
      {isSet ? <TestMail isChanged={form.isChanged || password !== ''} /> : null}
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
        <SecuritySelect security={draft.security} onSecurity={secure} />
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

function SecuritySelect({
  security,
  onSecurity,
  ...props
}: {
  security: Security
  onSecurity: (security: Security) => void
}) {
  const { t } = useTranslation()
  return (
    <Select value={security} onValueChange={(next) => onSecurity(next as Security)}>
      <SelectTrigger {...props}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {SECURITY.map((name) => (
          <SelectItem key={name} value={name}>
            {t(`agentSettings.mail.securityOf.${name}`)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

/** By the settings as they are saved; says what the server said. */
function TestMail({ isChanged }: { isChanged: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const trpc = useTRPC()
  const [to, setTo] = useState<string | null>(null)
  const test = useMutation(trpc.agent.sendTestMail.mutationOptions({ meta: { showsError: true } }))
  const address = to ?? me?.email ?? ''
  const note = test.error
    ? describeError(test.error).message
    : test.data
      ? t('agentSettings.mail.answer', { response: test.data.response })
      : t('agentSettings.mail.testHint')
  return (
    <div className="grid gap-1.5 border-t pt-4">
      <div className="flex flex-wrap items-end gap-2">
        <Field label={t('agentSettings.mail.testTo')} className="min-w-52 flex-1">
          <Input
            type="email"
            value={address}
            onChange={(event) => setTo(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.preventDefault()
            }}
          />
        </Field>
        <Button
          type="button"
          variant="outline"
          disabled={isChanged || test.isPending || !address.includes('@')}
          onClick={() => test.mutate({ to: address.trim() })}
        >
          {t(test.isPending ? 'agentSettings.mail.testing' : 'agentSettings.mail.test')}
        </Button>
      </div>
      <p
        role="status"
        className={`text-xs break-words ${test.error ? 'text-destructive' : 'text-muted-foreground'}`}
      >
        {note}
      </p>
    </div>
  )
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError, fieldErrorOf } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC, type Inputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import type { AlertOwner } from './alert-list.tsx'
import type { AlertRule } from './alert-rules.tsx'

type Kind = AlertRule['kind']
type Draft = Inputs['alerts']['rules']['save']

/** alerts.schema.ts, ALERT_BOUNDS: what a new rule begins with. */
const PRESETS: Record<Kind, number | null> = {
  crashed: null,
  restarts: 3,
  errors: 5,
  memory: 90,
  goal: 1,
  disk: 10,
}

interface AlertRuleDialogProps {
  owner: AlertOwner
  rule?: AlertRule
  onClose: () => void
}

export function AlertRuleDialog({ owner, rule, onClose }: AlertRuleDialogProps) {
  const { t } = useTranslation()
  const form = useRuleForm({ owner, ...(rule && { rule }), onClose })
  const { kind, save } = form
  const kinds = (Object.keys(PRESETS) as Kind[]).filter((one) =>
    owner.projectId ? one !== 'disk' : one !== 'goal',
  )
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="sm:max-w-lg">
        <DialogHeader
          title={t(rule ? 'alerts.editTitle' : 'alerts.add')}
          description={t('alerts.dialogHint')}
        />
        <form onSubmit={form.submit} className="grid gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('alerts.field.kind')}>
              <Select value={kind} onValueChange={(value) => form.setKind(value as Kind)}>
                <SelectTrigger>
                  <SelectValue />
                </SelectTrigger>
                <SelectContent>
                  {kinds.map((one) => (
                    <SelectItem key={one} value={one}>
                      {t(`alerts.kind.${one}`)}
                    </SelectItem>
                  ))}
                </SelectContent>
              </Select>
            </Field>
            {PRESETS[kind] === null ? null : (
              <Field label={t(`alerts.threshold.${kind as Exclude<Kind, 'crashed'>}`)}>
                <Input
                  type="number"
                  min={1}
                  value={form.threshold}
                  onChange={(event) => form.setThreshold(event.target.value)}
                  required
                />
              </Field>
            )}
          </div>
          {kind === 'goal' ? <GoalField owner={owner} goal={form.goal} onGoal={form.setGoal} /> : null}
          <ChannelFields form={form} rule={rule} />
          {save.error && !hasPlace(save.error) ? <ErrorState error={save.error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={save.isPending}>
              {t('alerts.save')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

const FIELDS = {
  emails: 'channels.emails',
  url: 'channels.webhook.url',
  secret: 'channels.webhook.secret',
  chatId: 'channels.telegram.chatId',
  botToken: 'channels.telegram.botToken',
}

/** Whether everything that the agent found wrong is said at a field. One address of several is `channels.emails.2`. */
function hasPlace(error: unknown): boolean {
  const wrong = Object.keys(describeError(error).fields ?? {})
  const known = Object.values(FIELDS)
  return wrong.length > 0 && wrong.every((path) => known.includes(path.replace(/[.]\d+$/, '')))
}

function ChannelFields({ form, rule }: { form: RuleForm; rule: AlertRule | undefined }) {
  const { t } = useTranslation()
  const { error } = form.save
  const wrongEmail = Object.keys(describeError(error).fields ?? {}).find((path) =>
    path.startsWith(FIELDS.emails),
  )
  return (
    <>
      <Field
        label={t('alerts.field.emails')}
        hint={t('alerts.field.emailsHint')}
        error={wrongEmail && fieldErrorOf(error, wrongEmail)}
      >
        <Input
          value={form.emails}
          onChange={(event) => form.setEmails(event.target.value)}
          placeholder="me@example.com, team@example.com"
          autoComplete="off"
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('alerts.field.webhook')} error={fieldErrorOf(error, FIELDS.url)}>
          <Input
            type="url"
            value={form.url}
            onChange={(event) => form.setUrl(event.target.value)}
            placeholder="https://"
          />
        </Field>
        <Field label={t('alerts.field.secret')} error={fieldErrorOf(error, FIELDS.secret)}>
          <Input
            type="password"
            value={form.secret}
            onChange={(event) => form.setSecret(event.target.value)}
            placeholder={rule?.channels.webhook?.hasSecret ? t('alerts.kept') : ''}
            autoComplete="off"
          />
        </Field>
        <Field label={t('alerts.field.chatId')} error={fieldErrorOf(error, FIELDS.chatId)}>
          <Input
            value={form.chatId}
            onChange={(event) => form.setChatId(event.target.value)}
            placeholder="-1001234567"
          />
        </Field>
        <Field label={t('alerts.field.botToken')} error={fieldErrorOf(error, FIELDS.botToken)}>
          <Input
            type="password"
            value={form.botToken}
            onChange={(event) => form.setBotToken(event.target.value)}
            placeholder={rule?.channels.telegram?.hasToken ? t('alerts.kept') : ''}
            autoComplete="off"
          />
        </Field>
      </div>
    </>
  )
}

function GoalField({
  owner,
  goal,
  onGoal,
}: {
  owner: AlertOwner
  goal: string
  onGoal: (goal: string) => void
}) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const goals = useQuery(trpc.goals.list.queryOptions(owner)).data ?? []
  const daily = goals.filter(({ type, projectId }) => type === 'daily' && projectId === owner.projectId)
  return (
    <Field label={t('alerts.field.goal')} {...(daily.length === 0 && { hint: t('alerts.noDailyGoal') })}>
      <Select value={goal} onValueChange={onGoal} disabled={daily.length === 0}>
        <SelectTrigger>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          {daily.map(({ id, name, slug }) => (
            <SelectItem key={id} value={slug}>
              {name}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </Field>
  )
}

type RuleForm = ReturnType<typeof useRuleForm>

function useRuleForm({ owner, rule, onClose }: AlertRuleDialogProps) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [kind, setKindOnly] = useState<Kind>(rule?.kind ?? 'crashed')
  const [threshold, setThreshold] = useState(String(rule?.threshold ?? ''))
  const [goal, setGoal] = useState(rule?.goal ?? '')
  const [emails, setEmails] = useState(rule?.channels.emails.join(', ') ?? '')
  const [url, setUrl] = useState(rule?.channels.webhook?.url ?? '')
  const [secret, setSecret] = useState('')
  const [chatId, setChatId] = useState(rule?.channels.telegram?.chatId ?? '')
  const [botToken, setBotToken] = useState('')
  const save = useMutation(
    trpc.alerts.rules.save.mutationOptions({
      meta: { showsError: true },
      async onSuccess() {
        await queryClient.invalidateQueries({ queryKey: trpc.alerts.rules.pathKey() })
        onClose()
      },
    }),
  )
  const setKind = (next: Kind) => {
    setKindOnly(next)
    setThreshold(String(PRESETS[next] ?? ''))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const draft: Draft = {
      ...owner,
      ...(rule && { id: rule.id }),
      kind,
      threshold: PRESETS[kind] === null ? null : Number(threshold),
      goal: kind === 'goal' ? goal : null,
      enabled: rule?.enabled ?? true,
      channels: {
        emails: emails.split(/[\s,;]+/).filter(Boolean),
        webhook: url.trim() ? { url: url.trim(), ...(secret && { secret }) } : null,
        telegram: chatId.trim() ? { chatId: chatId.trim(), ...(botToken && { botToken }) } : null,
      },
    }
    save.mutate(draft)
  }
  return {
    kind,
    setKind,
    threshold,
    setThreshold,
    goal,
    setGoal,
    emails,
    setEmails,
    url,
    setUrl,
    secret,
    setSecret,
    chatId,
    setChatId,
    botToken,
    setBotToken,
    save,
    submit,
  }
}

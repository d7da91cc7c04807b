import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answerOf } from '@/app/connection/desktop.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { PasswordMeter } from '@/ui/password-meter.tsx'
import { useTask } from './use-task.ts'

/** The first operator of the agent of this computer; then it is made, started, and shown, signed in. */
export function LocalAgentDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const create = useTask(async () => {
    await answerOf(window.m3m!.local.create({ email: email.trim(), password }))
    onClose()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.start()
  }
  return (
    <Dialog open onOpenChange={() => (create.isPending ? undefined : onClose())}>
      <DialogContent>
        <DialogHeader title={t('agents.local.dialogTitle')} description={t('agents.local.dialogHint')} />
        <form onSubmit={submit} className="grid gap-4">
          <Field label={t('agents.local.email')}>
            <Input
              type="email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              autoComplete="username"
              autoFocus
              required
            />
          </Field>
          <Field label={t('agents.local.password')}>
            <Input
              type="password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              autoComplete="new-password"
              minLength={8}
              required
            />
          </Field>
          <PasswordMeter password={password} known={[email]} />
          {create.error ? <ErrorState error={create.error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline" disabled={create.isPending}>
                {t('action.cancel')}
              </Button>
            </DialogClose>
            <Button type="submit" disabled={create.isPending}>
              {t(create.isPending ? 'agents.local.creating' : 'agents.local.submit')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

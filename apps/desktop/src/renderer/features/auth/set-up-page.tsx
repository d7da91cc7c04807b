import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { fieldErrorOf } from '@/app/errors/describe-error.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { PasswordMeter } from '@/ui/password-meter.tsx'
import { EmailField, PasswordField } from './credential-fields.tsx'
import { Entrance } from './entrance.tsx'
import { leaveSetUpLink } from '@/app/session/set-up-link.ts'

/** Makes the first operator of a new agent, and signs them in. */
export function SetUpPage({ token, onLeave }: { token: string; onLeave(): void }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const setUp = useQuery(trpc.auth.setUpNeeded.queryOptions())
  const leave = () => {
    leaveSetUpLink()
    onLeave()
  }
  if (setUp.isPending) return null
  if (setUp.error)
    return (
      <Entrance title={t('setUp.title')}>
        <ErrorState error={setUp.error} onRetry={() => void setUp.refetch()} />
      </Entrance>
    )
  return (
    <Entrance title={t('setUp.title')}>
      {setUp.data.needed ? (
        <SetUpForm token={token} onLeave={leave} />
      ) : (
        <div className="grid gap-4">
          <p className="text-center text-sm text-muted-foreground">{t('setUp.done')}</p>
          <Button size="lg" onClick={leave}>
            {t('setUp.toSignIn')}
          </Button>
        </div>
      )}
    </Entrance>
  )
}

function SetUpForm({ token, onLeave }: { token: string; onLeave(): void }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const { connection } = usePanel()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const create = useMutation(
    trpc.auth.setUp.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        // Here once, whatever follows: there is nothing to make any more.
        await connection.session.signIn({ email: email.trim(), password }).catch(() => {})
        onLeave()
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ token, email, password })
  }
  return (
    <form onSubmit={submit} className="grid gap-4" aria-label={t('setUp.title')}>
      <p className="text-center text-sm text-muted-foreground">{t('setUp.hint')}</p>
      <EmailField value={email} onValue={setEmail} error={fieldErrorOf(create.error, 'email')} />
      <PasswordField
        isNew
        value={password}
        onValue={setPassword}
        error={fieldErrorOf(create.error, 'password')}
      />
      <PasswordMeter password={password} known={[email]} />
      {create.error ? <ErrorState error={create.error} /> : null}
      <Button type="submit" size="lg" disabled={create.isPending}>
        {t(create.isPending ? 'setUp.pending' : 'setUp.submit')}
      </Button>
    </form>
  )
}

import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { describeError } from '@/app/errors/describe-error.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { EmailField, PasswordField } from './credential-fields.tsx'
import { Entrance } from './entrance.tsx'

/** Sign-in. Where nobody can sign in yet, it says in one sentence and one command how the first operator is made. */
export function SignInPage() {
  const { t } = useTranslation()
  return (
    <Entrance title={t('signIn.title')}>
      <SignInForm />
      <NoAccount />
    </Entrance>
  )
}

function SignInForm() {
  const { t } = useTranslation()
  const { connection } = usePanel()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => connection.session.signIn({ email: email.trim(), password }),
    meta: { showsError: true },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <form onSubmit={submit} className="grid gap-4" aria-label={t('signIn.title')}>
      <EmailField value={email} onValue={setEmail} />
      <PasswordField value={password} onValue={setPassword} />
      {signIn.error ? <SignInError error={signIn.error} /> : null}
      <Button type="submit" size="lg" disabled={signIn.isPending}>
        {t(signIn.isPending ? 'signIn.pending' : 'signIn.submit')}
      </Button>
    </form>
  )
}

/** A wrong password needs no error code to be understood; everything else shows all it knows. */
function SignInError({ error }: { error: unknown }) {
  const shape = describeError(error)
  if (shape.status === 401 || shape.status === 429 || shape.code === 'AUTH_BAD_CREDENTIALS')
    return (
      <p role="alert" className="rounded-md border border-destructive/30 bg-destructive/5 px-3 py-2 text-sm">
        {shape.message}
      </p>
    )
  return <ErrorState error={error} />
}

// In quotes: a shell would take the brackets for files.
const NEW_ADMIN = "npx m3m-agent new-admin me@example.com '<password>'"
const RESET_PASSWORD = 'npx m3m-agent reset-password me@example.com'

/** Below the form: how to come in without a password that works. */
function NoAccount() {
  const { t } = useTranslation()
  const trpc = useTRPC()
  // An older agent does not know: then there is an operator, as there mostly is.
  const setUp = useQuery(trpc.auth.setUpNeeded.queryOptions(undefined, { retry: false }))
  if (setUp.isPending) return null
  if (setUp.data?.needed)
    return (
      <section className="grid gap-2 border-t pt-4 text-xs text-muted-foreground">
        <p>{t('signIn.first')}</p>
        <ServerCommand command={NEW_ADMIN} />
      </section>
    )
  return (
    <details className="border-t pt-4 text-xs text-muted-foreground">
      <summary className="w-fit cursor-pointer rounded-sm hover:text-foreground">{t('signIn.lost')}</summary>
      <div className="grid gap-2 pt-2">
        <p>{t('signIn.lostHint')}</p>
        <ServerCommand command={RESET_PASSWORD} />
      </div>
    </details>
  )
}

function ServerCommand({ command }: { command: string }) {
  const { t } = useTranslation()
  return (
    <div className="flex min-w-0 items-center gap-1 rounded-md border bg-muted/50 py-1 pr-1 pl-2.5">
      <code className="min-w-0 flex-1 text-2xs leading-4 break-words text-foreground">{command}</code>
      <CopyButton value={command} label={t('signIn.copyCommand')} />
    </div>
  )
}

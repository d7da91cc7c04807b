import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { describeError } from '@/app/errors/describe-error.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { Mark } from '@/app/shell/mark.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { LanguageSwitch } from '@/app/session/language-switch.tsx'

/** Sign-in. Whoever has no account yet learns here, in one sentence and one command, how the first one is made. */
export function SignInPage() {
  const { t } = useTranslation()
  const { connection } = usePanel()
  const host = connection.agent?.name ?? location.host
  return (
    <div className="flex min-h-full flex-col items-center overflow-y-auto px-4 pt-[12vh] pb-6">
      <main className="grid w-full max-w-88 gap-6">
        <div className="grid justify-items-center gap-3 text-center">
          <span className="[&_svg]:size-9">
            <Mark />
          </span>
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{t('signIn.title')}</h1>
            <p className="font-mono text-xs text-muted-foreground">{host}</p>
          </div>
        </div>
        <SignInForm />
        <FirstOperator />
      </main>
      <footer className="mt-auto flex items-center gap-3 pt-8 text-xs text-muted-foreground">
        <AgentVersion />
        <LanguageSwitch />
      </footer>
    </div>
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
      <Field label={t('signIn.email')}>
        <Input
          name="email"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          autoComplete="username"
          autoFocus
          required
          className="h-9"
        />
      </Field>
      <Field label={t('signIn.password')}>
        <Input
          name="password"
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          required
          className="h-9"
        />
      </Field>
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

function FirstOperator() {
  const { t } = useTranslation()
  return (
    <section className="grid gap-2 border-t pt-4 text-xs text-muted-foreground">
      <p>{t('signIn.first')}</p>
      <div className="flex min-w-0 items-center gap-1 rounded-md border bg-muted/50 py-1 pr-1 pl-2.5">
        <code className="min-w-0 flex-1 text-2xs leading-4 break-words text-foreground">{NEW_ADMIN}</code>
        <CopyButton value={NEW_ADMIN} label={t('signIn.copyCommand')} />
      </div>
    </section>
  )
}

function AgentVersion() {
  const trpc = useTRPC()
  const info = useQuery(trpc.agent.info.queryOptions())
  return <span className="tabular">m3m {info.data?.version ?? ''}</span>
}

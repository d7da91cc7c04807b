import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrorOf } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { LanguageSelect } from '@/app/session/language-select.tsx'
import { useMe, type Me } from '@/app/session/panel.tsx'
import { setTheme, useTheme, type Theme } from '@/app/theme/theme.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Page, Section } from '@/ui/page.tsx'
import { PasswordMeter } from '@/ui/password-meter.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import { AvatarField } from './avatar-field.tsx'
import { Sessions } from './sessions.tsx'

export function ProfilePage() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <Page title={t('profile.title')} width="narrow">
      {me ? <You me={me} /> : <SkeletonRows rows={3} />}
      <Appearance />
      <Password />
      <Sessions />
    </Page>
  )
}

function useUpdateProfile() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMutation(
    trpc.profile.update.mutationOptions({
      meta: { showsError: true },
      onSuccess: (me) => queryClient.setQueryData(trpc.auth.me.queryKey(), me),
    }),
  )
}

function You({ me }: { me: Me }) {
  const { t } = useTranslation()
  const update = useUpdateProfile()
  const [name, setName] = useState(me.name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    update.mutate({ name: name.trim() }, { onSuccess: () => toast.success(t('profile.saved')) })
  }
  return (
    <Section title={t('profile.you')}>
      <AvatarField me={me} />
      <form onSubmit={submit} className="grid gap-4 p-4 sm:grid-cols-[1fr_1fr_auto] sm:items-start">
        <Field label={t('profile.name')} error={fieldErrorOf(update.error, 'name')}>
          <Input
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={100}
            required
            autoComplete="name"
          />
        </Field>
        <Field label={t('profile.email')}>
          <Input value={me.email} readOnly disabled />
        </Field>
        <Button
          type="submit"
          className="sm:mt-6.5"
          disabled={name.trim() === me.name || !name.trim() || update.isPending}
        >
          {t('profile.save')}
        </Button>
        {update.error && !fieldErrorOf(update.error, 'name') ? <ErrorState error={update.error} /> : null}
      </form>
    </Section>
  )
}

/** Applied at once, and kept with the account. */
function Appearance() {
  const { t } = useTranslation()
  const update = useUpdateProfile()
  const theme = useTheme()
  return (
    <Section title={t('profile.appearance')}>
      <div className="grid gap-4 p-4 sm:grid-cols-2">
        <Field label={t('profile.language')}>
          <LanguageSelect onChosen={(language) => update.mutate({ language })} />
        </Field>
        <Field label={t('theme.label')}>
          <ThemeSelect
            theme={theme}
            onTheme={(next) => {
              setTheme(next)
              update.mutate({ theme: next })
            }}
          />
        </Field>
        {update.error ? <ErrorState error={update.error} className="sm:col-span-2" /> : null}
      </div>
    </Section>
  )
}

function ThemeSelect({ theme, onTheme, ...props }: { theme: Theme; onTheme: (theme: Theme) => void }) {
  const { t } = useTranslation()
  return (
    <Select value={theme} onValueChange={(next) => onTheme(next as Theme)}>
      <SelectTrigger className="w-44" {...props}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {(['light', 'dark', 'system'] as const).map((name) => (
          <SelectItem key={name} value={name}>
            {t(`theme.${name}`)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

function Password() {
  const { t } = useTranslation()
  const me = useMe()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = useMutation(
    trpc.profile.changePassword.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        setCurrent('')
        setNext('')
        toast.success(t('profile.passwordChanged'))
        await queryClient.invalidateQueries({ queryKey: trpc.auth.sessions.queryKey() })
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ current, next })
  }
  const currentError = fieldErrorOf(change.error, 'current')
  const nextError = fieldErrorOf(change.error, 'next')
  return (
    <Section title={t('profile.password')}>
      <form onSubmit={submit} className="grid gap-4 p-4 sm:grid-cols-[1fr_1fr_auto] sm:items-start">
        <Field label={t('profile.current')} error={currentError}>
          <Input
            type="password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
            autoComplete="current-password"
            required
          />
        </Field>
        <div className="grid content-start gap-2">
          <Field label={t('profile.next')} hint={next ? null : t('profile.nextHint')} error={nextError}>
            <Input
              type="password"
              value={next}
              onChange={(event) => setNext(event.target.value)}
              autoComplete="new-password"
              minLength={8}
              maxLength={256}
              required
            />
          </Field>
          <PasswordMeter password={next} known={me ? [me.name, me.email] : []} />
        </div>
        <Button
          type="submit"
          className="sm:mt-6.5"
          disabled={!current || next.length < 8 || change.isPending}
        >
          {t('profile.changePassword')}
        </Button>
        {change.error && !currentError && !nextError ? (
          <ErrorState error={change.error} className="sm:col-span-3" />
        ) : null}
      </form>
    </Section>
  )
}

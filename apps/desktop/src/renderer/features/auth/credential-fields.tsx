import { useTranslation } from 'react-i18next'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'

interface CredentialProps {
  value: string
  onValue(value: string): void
  error?: string | undefined
}

export function EmailField({ value, onValue, error }: CredentialProps) {
  const { t } = useTranslation()
  return (
    <Field label={t('signIn.email')} error={error}>
      <Input
        name="email"
        type="email"
        value={value}
        onChange={(event) => onValue(event.target.value)}
        autoComplete="username"
        autoFocus
        required
        className="h-9"
      />
    </Field>
  )
}

/** `isNew`: it is chosen here, so that password managers offer one and keep it. */
export function PasswordField({
  value,
  onValue,
  error,
  isNew = false,
}: CredentialProps & { isNew?: boolean }) {
  const { t } = useTranslation()
  return (
    <Field label={t('signIn.password')} hint={isNew ? t('setUp.passwordHint') : undefined} error={error}>
      <Input
        name="password"
        type="password"
        value={value}
        onChange={(event) => onValue(event.target.value)}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        minLength={isNew ? 8 : undefined}
        required
        className="h-9"
      />
    </Field>
  )
}

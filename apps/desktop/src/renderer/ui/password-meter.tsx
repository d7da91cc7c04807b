import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { strengthOf } from './password-strength.ts'

const TINTS = ['bg-destructive', 'bg-destructive', 'bg-limited', 'bg-running', 'bg-running'] as const

const WORDS = ['short', 'guessed', 'weak', 'good', 'strong'] as const

/** Four bars and a word, below the field of a new password; nothing while it is empty. */
export function PasswordMeter({ password, known }: { password: string; known?: readonly string[] }) {
  const { t } = useTranslation()
  if (password === '') return null
  const strength = strengthOf(password, known)
  return (
    <div className="grid gap-1" role="status">
      <div className="grid grid-cols-4 gap-1" aria-hidden>
        {[1, 2, 3, 4].map((step) => (
          <span
            key={step}
            className={cn('h-1 rounded-full', step <= Math.max(1, strength) ? TINTS[strength] : 'bg-muted')}
          />
        ))}
      </div>
      <p className="text-xs text-muted-foreground">{t(`password.strength.${WORDS[strength]}`)}</p>
    </div>
  )
}

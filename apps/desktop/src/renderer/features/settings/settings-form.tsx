import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { Button } from '@/ui/button.tsx'
import { Section } from '@/ui/page.tsx'

interface SettingsFormProps {
  title: string
  description: string
  form: { isChanged: boolean; isPending: boolean; error: unknown; save: () => void }
  /** When a change holds. */
  effect: string
  isReadOnly?: boolean
  children: ReactNode
}

/** One section of the project's settings with its Save. */
export function SettingsForm({
  title,
  description,
  form,
  effect,
  isReadOnly = false,
  children,
}: SettingsFormProps) {
  const { t } = useTranslation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    form.save()
  }
  const isGeneralError = form.error && Object.keys(describeError(form.error).fields ?? {}).length === 0
  return (
    <Section title={title} description={description}>
      <form onSubmit={submit} noValidate>
        <div className="grid gap-4 p-4">
          {children}
          {isGeneralError ? <ErrorState error={form.error} /> : null}
        </div>
        <footer className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t px-4 py-2.5">
          <p className="min-w-0 flex-1 basis-56 text-xs text-muted-foreground">{effect}</p>
          {isReadOnly ? null : (
            <Button type="submit" disabled={!form.isChanged || form.isPending}>
              {t('settings.save')}
            </Button>
          )}
        </footer>
      </form>
    </Section>
  )
}

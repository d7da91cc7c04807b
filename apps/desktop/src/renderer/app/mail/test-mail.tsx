import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { errorText } from '@/app/errors/error-text.ts'
import { useMe } from '@/app/session/panel.tsx'
import { Button } from '@/ui/button.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'

interface TestMailProps {
  /** What is typed is not saved yet: the test goes by what is saved. */
  isChanged: boolean
  /** The mutation that sends it. */
  test: { isPending: boolean; error: unknown; data: { response: string } | undefined }
  onSend: (to: string) => void
}

/** Sends a message by the mail settings as they are saved; says what the server said. */
export function TestMail({ isChanged, test, onSend }: TestMailProps) {
  const { t } = useTranslation()
  const me = useMe()
  const [to, setTo] = useState<string | null>(null)
  const address = to ?? me?.email ?? ''
  const answer = test.data ? t('agentSettings.mail.answer', { response: test.data.response }) : null
  return (
    <div className="grid gap-1.5 border-t pt-4">
      <div className="flex flex-wrap items-end gap-2">
        <Field label={t('agentSettings.mail.testTo')} className="min-w-52 flex-1">
          <Input
            type="email"
            value={address}
            onChange={(event) => setTo(event.target.value)}
            // It stands in the form of the settings, which Enter would save.
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.preventDefault()
            }}
          />
        </Field>
        <Button
          type="button"
          variant="outline"
          disabled={isChanged || test.isPending || !address.includes('@')}
          onClick={() => onSend(address.trim())}
        >
          {t(test.isPending ? 'agentSettings.mail.testing' : 'agentSettings.mail.test')}
        </Button>
      </div>
      <p
        role="status"
        className={`text-xs break-words ${test.error ? 'text-destructive' : 'text-muted-foreground'}`}
      >
        {test.error ? errorText(describeError(test.error), t) : (answer ?? t('agentSettings.mail.testHint'))}
      </p>
    </div>
  )
}

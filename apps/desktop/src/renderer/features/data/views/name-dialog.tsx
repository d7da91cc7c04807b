import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { errorText } from '@/app/errors/error-text.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'

/** As views.schema.ts bounds it. */
const NAME_MAX = 60

interface NameDialogProps {
  title: string
  initial: string
  action: string
  error: unknown
  isPending: boolean
  onName: (name: string) => void
  onClose: () => void
}

/** Asks for a name. */
export function NameDialog({ title, initial, action, error, isPending, onName, onClose }: NameDialogProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(initial)
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={title} description={t('views.hint')} />
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            onName(name.trim())
          }}
        >
          <Field label={t('views.name')} error={error ? errorText(describeError(error), t) : undefined}>
            <Input
              value={name}
              maxLength={NAME_MAX}
              autoFocus
              autoComplete="off"
              onFocus={(event) => event.target.select()}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={!name.trim() || isPending}>
              {action}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

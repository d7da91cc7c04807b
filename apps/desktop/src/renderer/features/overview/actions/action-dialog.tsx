import { CircleAlertIcon, CircleCheckIcon, InfoIcon, TriangleAlertIcon } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Dialog, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { ActionForm } from './action-form.tsx'
import type { OpenDialog } from './press-state.ts'
import type { DialogAnswer } from './use-presses.ts'

interface DialogProps {
  open: OpenDialog
  onAnswer: (answer: DialogAnswer) => void
}

/** A dialog of an action: what a service asks the person who pressed. Closing it answers with nothing. */
export function ActionDialogView({ open, onAnswer }: DialogProps) {
  const { t } = useTranslation()
  const { dialog, name } = open
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onAnswer(dialog.type === 'alert' ? true : null)}>
      <DialogContent
        role={dialog.type === 'form' || dialog.type === 'prompt' ? 'dialog' : 'alertdialog'}
        className={dialog.type === 'form' ? 'sm:max-w-xl' : undefined}
        // A slip beside the dialog must not throw away what was filled in.
        onInteractOutside={(event) => event.preventDefault()}
      >
        <DialogHeader
          title={dialog.title || name}
          description={dialog.title ? t('actions.from', { name }) : undefined}
        />
        <Body open={open} onAnswer={onAnswer} />
      </DialogContent>
    </Dialog>
  )
}

function Body({ open, onAnswer }: DialogProps) {
  const { t } = useTranslation()
  const { dialog } = open
  switch (dialog.type) {
    case 'alert':
      return (
        <>
          <Text severity={dialog.severity}>{dialog.text}</Text>
          <DialogFooter>
            <Button autoFocus onClick={() => onAnswer(true)}>
              {t('actions.ok')}
            </Button>
          </DialogFooter>
        </>
      )
    case 'confirm':
      return (
        <>
          <Text>{dialog.text}</Text>
          <DialogFooter>
            <Button variant="outline" onClick={() => onAnswer(false)}>
              {dialog.no || t('actions.no')}
            </Button>
            <Button autoFocus onClick={() => onAnswer(true)}>
              {dialog.yes || t('actions.yes')}
            </Button>
          </DialogFooter>
        </>
      )
    case 'prompt':
      return <Prompt dialog={dialog} onAnswer={onAnswer} />
    default:
      return <ActionForm open={open} form={dialog} onAnswer={onAnswer} />
  }
}

const ICONS = {
  info: [InfoIcon, 'text-muted-foreground'],
  success: [CircleCheckIcon, 'text-running'],
  warning: [TriangleAlertIcon, 'text-limited'],
  error: [CircleAlertIcon, 'text-destructive'],
} as const

function Text({ severity, children }: { severity?: keyof typeof ICONS; children: ReactNode }) {
  if (!children && !severity) return null
  const [Icon, color] = ICONS[severity ?? 'info']
  return (
    <div className="flex min-w-0 items-start gap-2.5 text-sm">
      {severity ? <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', color)} /> : null}
      <p className="max-h-[50dvh] min-w-0 overflow-y-auto whitespace-pre-wrap wrap-anywhere">{children}</p>
    </div>
  )
}

function Prompt({
  dialog,
  onAnswer,
}: {
  dialog: Extract<OpenDialog['dialog'], { type: 'prompt' }>
  onAnswer: DialogProps['onAnswer']
}) {
  const { t } = useTranslation()
  const [text, setText] = useState(dialog.defaultValue)
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        onAnswer(text)
      }}
    >
      <Field label={dialog.text || t('actions.answer')}>
        <Input
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={dialog.placeholder}
          maxLength={20_000}
          autoComplete="off"
          autoFocus
        />
      </Field>
      <DialogFooter>
        <Button variant="outline" onClick={() => onAnswer(null)}>
          {t('action.cancel')}
        </Button>
        <Button type="submit">{t('actions.send')}</Button>
      </DialogFooter>
    </form>
  )
}

import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'

interface ConfirmDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** What goes, and how much of it. */
  description: ReactNode
  /** Verb and object: `Remove branch`. */
  action: string
  /** Must be typed before the button works; only for what cannot be undone. */
  typeToConfirm?: string
  isDestructive?: boolean
  isPending?: boolean
  children?: ReactNode
  onConfirm: () => void
}

export function ConfirmDialog({ isDestructive = true, ...props }: ConfirmDialogProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const mayConfirm = !props.isPending && (!props.typeToConfirm || typed.trim() === props.typeToConfirm)
  const setOpen = (open: boolean) => {
    if (!open) setTyped('')
    props.onOpenChange(open)
  }
  return (
    <Dialog open={props.open} onOpenChange={setOpen}>
      <DialogContent role="alertdialog">
        <DialogHeader title={props.title} description={props.description} />
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (mayConfirm) props.onConfirm()
          }}
        >
          {props.children}
          {props.typeToConfirm ? (
            <Field label={t('confirm.type', { name: props.typeToConfirm })}>
              <Input
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                autoFocus
              />
            </Field>
          ) : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" variant={isDestructive ? 'destructive' : 'default'} disabled={!mayConfirm}>
              {props.action}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

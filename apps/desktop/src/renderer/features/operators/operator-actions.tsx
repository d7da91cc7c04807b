import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { BanIcon, EllipsisIcon, KeyRoundIcon, PencilIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import { PasswordMeter } from '@/ui/password-meter.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { toast } from '@/ui/toaster.tsx'
import { OperatorDialog } from './operator-dialog.tsx'
import type { Operator } from './operators-page.tsx'

type Open = 'edit' | 'password' | 'remove' | null

export function OperatorActions({ operator }: { operator: Operator }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.users.pathKey() })
  const block = useMutation(trpc.users.block.mutationOptions({ onSuccess }))
  const unblock = useMutation(trpc.users.unblock.mutationOptions({ onSuccess }))
  const toggle = operator.blocked ? unblock : block
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="ghost" size="icon" aria-label={t('operators.menu', { name: operator.name })}>
            <EllipsisIcon />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => setOpen('edit')}>
            <PencilIcon /> {t('action.edit')}
          </MenuItem>
          <MenuItem onSelect={() => setOpen('password')}>
            <KeyRoundIcon /> {t('operators.resetPassword')}
          </MenuItem>
          {/* Root can neither be blocked nor deleted. */}
          {operator.root ? null : (
            <>
              <MenuItem onSelect={() => toggle.mutate({ userId: operator.id })}>
                <BanIcon /> {t(operator.blocked ? 'operators.unblock' : 'operators.block')}
              </MenuItem>
              <MenuSeparator />
              <MenuItem variant="destructive" onSelect={() => setOpen('remove')}>
                <Trash2Icon /> {t('operators.remove')}
              </MenuItem>
            </>
          )}
        </MenuContent>
      </Menu>
      {open === 'edit' ? <OperatorDialog operator={operator} onClose={close} /> : null}
      {open === 'password' ? <PasswordDialog operator={operator} onClose={close} /> : null}
      {open === 'remove' ? <RemoveDialog operator={operator} onClose={close} /> : null}
    </>
  )
}

interface DialogProps {
  operator: Operator
  onClose: () => void
}

function PasswordDialog({ operator, onClose }: DialogProps) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const [password, setPassword] = useState('')
  const reset = useMutation(
    trpc.users.resetPassword.mutationOptions({
      meta: { showsError: true },
      onSuccess: () => {
        toast.success(t('operators.resetDone', { name: operator.name }))
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      isDestructive={false}
      title={t('operators.resetTitle', { name: operator.name })}
      description={t('operators.passwordHint')}
      action={t('operators.resetAction')}
      isPending={reset.isPending || password.length < 8}
      onConfirm={() => reset.mutate({ userId: operator.id, password })}
    >
      <Field label={t('operators.field.password')}>
        <Input
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          minLength={8}
          autoComplete="new-password"
          autoFocus
        />
      </Field>
      <PasswordMeter password={password} known={[operator.name, operator.email]} />
      {reset.error ? <ErrorState error={reset.error} /> : null}
    </ConfirmDialog>
  )
}

function RemoveDialog({ operator, onClose }: DialogProps) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [handOverTo, setHandOverTo] = useState<string | null>(null)
  const remove = useMutation(
    trpc.users.remove.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.users.pathKey() })
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('operators.removeTitle', { name: operator.name })}
      description={t('operators.removeHint')}
      action={t('operators.remove')}
      typeToConfirm={operator.email}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ userId: operator.id, ...(handOverTo && { handOverTo }) })}
    >
      <HandOver operator={operator} value={handOverTo} onValue={setHandOverTo} />
      {remove.error ? <ErrorState error={remove.error} /> : null}
    </ConfirmDialog>
  )
}

interface HandOverProps {
  operator: Operator
  /** `null`: nobody; the agent then refuses when a project has no other owner. */
  value: string | null
  onValue: (userId: string | null) => void
}

/** Who owns afterwards what only this operator owned. */
function HandOver({ operator, value, onValue }: HandOverProps) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const operators = useQuery(trpc.users.list.queryOptions())
  const others = (operators.data ?? []).filter(({ id, blocked }) => id !== operator.id && !blocked)
  return (
    <Field label={t('operators.handOver')} hint={t('operators.handOverHint')}>
      <Select value={value ?? NOBODY} onValueChange={(next) => onValue(next === NOBODY ? null : next)}>
        <SelectTrigger>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          <SelectItem value={NOBODY}>{t('operators.handOverNobody')}</SelectItem>
          {others.map(({ id, name, email }) => (
            <SelectItem key={id} value={id}>
              {name} · {email}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </Field>
  )
}

/** A select has no empty value. */
const NOBODY = 'nobody'

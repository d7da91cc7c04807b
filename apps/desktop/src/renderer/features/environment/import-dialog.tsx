import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { parseDotEnv, planImport, type ImportPlan } from './dot-env.ts'
import type { VariableRow } from './variable-rows.ts'

interface ImportDialogProps {
  rows: readonly VariableRow[]
  firstId: number
  onRows: (rows: VariableRow[]) => void
  onClose: () => void
}

/** A larger file is no `.env`. */
const MAX_BYTES = 1024 * 1024

/** Takes a `.env` into the table; nothing is saved before Save variables. */
export function ImportDialog({ rows, firstId, onRows, onClose }: ImportDialogProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [isTooLarge, setTooLarge] = useState(false)
  const { entries, problems } = parseDotEnv(text)
  const plan = planImport(rows, entries, firstId)
  const mayTake = problems.length === 0 && plan.added.length + plan.changed.length > 0
  const read = async (file: File | undefined) => {
    setTooLarge(file !== undefined && file.size > MAX_BYTES)
    if (file && file.size <= MAX_BYTES) setText(await file.text())
  }
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={t('env.import.title')} description={t('env.import.hint')} />
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (!mayTake) return
            onRows(plan.rows)
            onClose()
          }}
        >
          <Field label={t('env.import.file')} error={isTooLarge ? t('env.import.tooLarge') : undefined}>
            <Input type="file" onChange={(event) => void read(event.target.files?.[0])} />
          </Field>
          <Field label={t('env.import.text')}>
            <Textarea
              rows={8}
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder={'API_URL=https://api.example.com\nLIMIT=20'}
              spellCheck={false}
              className="max-h-72 font-mono text-xs"
            />
          </Field>
          {problems.length > 0 ? (
            <ul role="alert" className="grid max-h-32 gap-0.5 overflow-y-auto text-xs text-destructive">
              {problems.map(({ line, kind }) => (
                <li key={line}>{t(`env.import.problem.${kind}`, { line })}</li>
              ))}
            </ul>
          ) : text.trim() === '' ? null : (
            <Preview plan={plan} />
          )}
          <DialogFooter>
            <Button type="submit" disabled={!mayTake}>
              {t('env.import.action')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

function Preview({ plan }: { plan: ImportPlan }) {
  const { t } = useTranslation()
  const parts = [
    [t('env.import.added', { count: plan.added.length }), plan.added],
    [t('env.import.changed', { count: plan.changed.length }), plan.changed],
  ] as const
  return (
    <dl role="status" className="grid gap-1 text-xs">
      {parts.map(([label, keys]) =>
        keys.length > 0 ? (
          <div key={label} className="flex flex-wrap gap-x-2">
            <dt className="font-medium">{label}</dt>
            <dd className="min-w-0 font-mono break-all text-muted-foreground">{keys.join(', ')}</dd>
          </div>
        ) : null,
      )}
      {plan.unchanged > 0 ? (
        <div className="text-muted-foreground">{t('env.import.unchanged', { count: plan.unchanged })}</div>
      ) : null}
    </dl>
  )
}

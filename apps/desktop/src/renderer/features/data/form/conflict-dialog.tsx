import type { DataRecord, Model } from '@m3m/core/client'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { ValueDiff, ValueView } from '../revisions/value-view.tsx'
import { conflictsOf, type FieldConflict, type RecordEdit } from './record-edit.ts'

interface ConflictDialogProps {
  model: Model
  edit: RecordEdit
  theirs: DataRecord
  onResolve: (keep: ReadonlySet<string>) => void
  onClose: () => void
}

/** Somebody else saved first: field by field, whose value holds. */
export function ConflictDialog({ model, edit, theirs, onResolve, onClose }: ConflictDialogProps) {
  const { t } = useTranslation()
  const conflicts = conflictsOf(model, edit, theirs)
  const [keep, setKeep] = useState<ReadonlySet<string>>(
    () => new Set(conflicts.filter(({ isClash }) => isClash).map(({ field }) => field.key)),
  )
  const choose = (key: string, isMine: boolean) => {
    const next = new Set(keep)
    if (isMine) next.add(key)
    else next.delete(key)
    setKeep(next)
  }
  const clashes = conflicts.filter(({ isClash }) => isClash)
  const others = conflicts.filter(({ isClash }) => !isClash)
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="sm:max-w-2xl">
        <DialogHeader
          title={t('record.conflictTitle')}
          description={
            <>
              {t('record.conflictHint', { version: theirs.version })}{' '}
              <TimeAgo at={String(theirs.updatedAt)} />
            </>
          }
        />
        <div className="grid max-h-[55dvh] gap-3 overflow-y-auto">
          {clashes.map((conflict) => (
            <Clash
              key={conflict.field.key}
              conflict={conflict}
              isMine={keep.has(conflict.field.key)}
              onChoose={choose}
            />
          ))}
          {clashes.length === 0 ? (
            <p className="text-sm text-muted-foreground">{t('record.noClash')}</p>
          ) : null}
          {others.length > 0 ? (
            <div className="grid gap-1.5">
              <h3 className="text-xs font-medium text-muted-foreground">{t('record.onlyTheirs')}</h3>
              <ul className="divide-y rounded-md border">
                {others.map(({ field, base, theirs: now }) => (
                  <li key={field.key} className="grid gap-1 px-3 py-2">
                    <span className="text-xs font-medium">{field.label ?? field.key}</span>
                    <ValueDiff field={field} before={base} after={now} />
                  </li>
                ))}
              </ul>
            </div>
          ) : null}
        </div>
        <DialogFooter>
          <Button variant="outline" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          {clashes.length > 0 ? (
            <Button variant="outline" onClick={() => onResolve(new Set())}>
              {t('record.takeAllTheirs')}
            </Button>
          ) : null}
          <Button onClick={() => onResolve(keep)}>{t('record.resolve')}</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

interface ClashProps {
  conflict: FieldConflict
  isMine: boolean
  onChoose: (key: string, isMine: boolean) => void
}

function Clash({ conflict: { field, mine, theirs }, isMine, onChoose }: ClashProps) {
  const { t } = useTranslation()
  const name = field.label ?? field.key
  const side = (isThisMine: boolean, value: unknown) => (
    <button
      type="button"
      role="radio"
      aria-checked={isMine === isThisMine}
      onClick={() => onChoose(field.key, isThisMine)}
      className="grid content-start gap-1 rounded-md border p-2.5 text-left hover:bg-accent/50 aria-checked:border-foreground aria-checked:bg-accent/60"
    >
      <span className="flex items-center gap-2 text-xs font-medium">
        <span className="grid size-3.5 place-items-center rounded-full border border-input bg-background">
          {isMine === isThisMine ? <span className="size-2 rounded-full bg-foreground" /> : null}
        </span>
        {t(isThisMine ? 'record.keepMine' : 'record.takeTheirs')}
      </span>
      <ValueView field={field} value={value} className="max-h-40 overflow-y-auto" />
    </button>
  )
  return (
    <div role="radiogroup" aria-label={name} className="grid gap-1.5">
      <span className="text-sm font-medium">{name}</span>
      <div className="grid gap-2 sm:grid-cols-2">
        {side(true, mine)}
        {side(false, theirs)}
      </div>
    </div>
  )
}

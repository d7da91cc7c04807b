import type { DataRecord, Model } from '@m3m/core/client'
import { Undo2Icon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { recordLabel } from '../record-label.ts'
import { ActorName } from '../revisions/actor-name.tsx'

const DAY_MS = 86_400_000

interface TrashTableProps {
  model: Model
  items: readonly DataRecord[]
  chosen: ReadonlySet<string>
  onChosen: (chosen: ReadonlySet<string>) => void
  onRestore: (id: string) => void
  mayWrite: boolean
}

/** What is in the trash, one line a record. */
export function TrashTable({ model, items, chosen, onChosen, onRestore, mayWrite }: TrashTableProps) {
  const { t } = useTranslation()
  const isAll = items.length > 0 && items.every(({ id }) => chosen.has(id))
  const toggle = (id: string, isOn: boolean) => {
    const next = new Set(chosen)
    if (isOn) next.add(id)
    else next.delete(id)
    onChosen(next)
  }
  return (
    <Table>
      <TableHeader>
        <TableRow className="hover:bg-transparent">
          {mayWrite ? (
            <TableHead className="w-8">
              <Checkbox
                checked={isAll}
                aria-label={t('trash.chooseAll')}
                onCheckedChange={(isOn) =>
                  onChosen(isOn === true ? new Set(items.map(({ id }) => id)) : new Set())
                }
              />
            </TableHead>
          ) : null}
          <TableHead className="max-sm:w-full">{t('trash.record')}</TableHead>
          <TableHead className="hidden sm:table-cell">{t('trash.by')}</TableHead>
          <TableHead>{t('trash.at')}</TableHead>
          <TableHead className="hidden md:table-cell">{t('trash.until')}</TableHead>
          <TableHead className="w-px" />
        </TableRow>
      </TableHeader>
      <TableBody>
        {items.map((record) => (
          <TrashRow
            key={record.id}
            model={model}
            record={record}
            isChosen={chosen.has(record.id)}
            onChosen={(isOn) => toggle(record.id, isOn)}
            onRestore={() => onRestore(record.id)}
            mayWrite={mayWrite}
          />
        ))}
      </TableBody>
    </Table>
  )
}

interface TrashRowProps {
  model: Model
  record: DataRecord
  isChosen: boolean
  onChosen: (isChosen: boolean) => void
  onRestore: () => void
  mayWrite: boolean
}

function TrashRow({ model, record, isChosen, onChosen, onRestore, mayWrite }: TrashRowProps) {
  const { t } = useTranslation()
  const label = recordLabel(model, record)
  const at = String(record['_trashedAt'])
  return (
    <TableRow>
      {mayWrite ? (
        <TableCell>
          <Checkbox
            checked={isChosen}
            aria-label={t('trash.choose', { name: label })}
            onCheckedChange={(isOn) => onChosen(isOn === true)}
          />
        </TableCell>
      ) : null}
      <TableCell className="max-w-0 truncate sm:max-w-64">
        {label}{' '}
        {label === record.id ? null : (
          <code className="ml-1 text-2xs text-muted-foreground max-sm:hidden">{record.id.slice(-6)}</code>
        )}
      </TableCell>
      <TableCell className="hidden text-muted-foreground sm:table-cell">
        <ActorName actor={record['_trashedBy']} />
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted-foreground">
        <TimeAgo at={at} />
      </TableCell>
      <TableCell className="hidden text-muted-foreground md:table-cell">
        {model.trash ? (
          <TimeAgo at={new Date(Date.parse(at) + model.trash.days * DAY_MS).toISOString()} isAhead />
        ) : (
          '–'
        )}
      </TableCell>
      <TableCell>
        {mayWrite ? (
          <Button
            variant="ghost"
            size="sm"
            aria-label={t('trash.restoreOne', { name: label })}
            onClick={onRestore}
          >
            <Undo2Icon className="size-3.5" /> {t('record.restore')}
          </Button>
        ) : null}
      </TableCell>
    </TableRow>
  )
}

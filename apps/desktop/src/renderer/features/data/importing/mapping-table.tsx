import type { Model } from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { importable, type SourceFile } from './source-file.ts'

interface MappingTableProps {
  model: Model
  source: SourceFile
  mapping: Record<string, string | null>
  onMapping: (mapping: Record<string, string | null>) => void
}

/** Radix gives no item an empty value. */
const LEFT_OUT = '\u0000'

/** Each column of the file, what is in it, and the field it goes to. A field takes one column. */
export function MappingTable({ model, source, mapping, onMapping }: MappingTableProps) {
  const { t } = useTranslation()
  const set = (column: string, key: string | null) =>
    onMapping(
      Object.fromEntries(
        Object.entries({ ...mapping, [column]: key }).map(([name, target]) => [
          name,
          name !== column && target !== null && target === key ? null : target,
        ]),
      ),
    )
  return (
    <div className="overflow-x-auto rounded-md border">
      <Table>
        <TableHeader>
          <TableRow className="hover:bg-transparent">
            <TableHead>{t('importing.column')}</TableHead>
            <TableHead className="hidden sm:table-cell">{t('importing.samples')}</TableHead>
            <TableHead className="w-48">{t('importing.field')}</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {source.columns.map(({ name, samples }) => (
            <TableRow key={name}>
              <TableCell className="max-w-40 truncate font-mono text-xs">{name}</TableCell>
              <TableCell className="hidden max-w-56 truncate text-xs text-muted-foreground sm:table-cell">
                {samples.slice(0, 3).join(' · ')}
              </TableCell>
              <TableCell>
                <Select
                  value={mapping[name] ?? LEFT_OUT}
                  onValueChange={(next) => set(name, next === LEFT_OUT ? null : next)}
                >
                  <SelectTrigger
                    aria-label={t('importing.fieldOf', { column: name })}
                    className={cn('h-7', mapping[name] ? '' : 'text-muted-foreground')}
                  >
                    <SelectValue />
                  </SelectTrigger>
                  <SelectContent>
                    <SelectItem value={LEFT_OUT}>{t('importing.leftOut')}</SelectItem>
                    {importable(model).map(({ key, type }) => (
                      <SelectItem key={key} value={key}>
                        {key} <span className="text-2xs text-muted-foreground">{type}</span>
                      </SelectItem>
                    ))}
                  </SelectContent>
                </Select>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

import { revealedText } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { ChevronRightIcon } from 'lucide-react'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { formatDateTime } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { HonestName } from '@/ui/honest-name.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { useActorName } from '@/ui/use-actor-name.ts'
import { changesOf } from './changes.ts'

type Entry = Outputs['audit']['list'][number]

const COLUMNS = 6

export function AuditTable({ rows }: { rows: readonly Entry[] }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions())
  const [opened, setOpened] = useState<string | null>(null)
  const nameOf = (id: string | null) => projects.data?.find((project) => project.id === id)?.name
  return (
    <Table>
      <TableHeader>
        <TableRow className="hover:bg-transparent">
          <TableHead className="w-8" />
          <TableHead>{t('audit.column.at')}</TableHead>
          <TableHead className="hidden md:table-cell">{t('audit.column.who')}</TableHead>
          <TableHead>{t('audit.column.action')}</TableHead>
          <TableHead className="hidden md:table-cell">{t('audit.column.target')}</TableHead>
          <TableHead className="hidden lg:table-cell">{t('audit.column.address')}</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((entry) => {
          const isOpen = opened === entry.id
          return (
            <Fragment key={entry.id}>
              <EntryRow
                entry={entry}
                projectName={nameOf(entry.projectId)}
                isOpen={isOpen}
                onToggle={() => setOpened(isOpen ? null : entry.id)}
              />
              {isOpen ? (
                <TableRow className="hover:bg-transparent">
                  <TableCell colSpan={COLUMNS} className="bg-muted/30 p-0">
                    <Details entry={entry} />
                  </TableCell>
                </TableRow>
              ) : null}
            </Fragment>
          )
        })}
      </TableBody>
    </Table>
  )
}

interface EntryRowProps {
  entry: Entry
  projectName: string | undefined
  isOpen: boolean
  onToggle: () => void
}

function EntryRow({ entry, projectName, isOpen, onToggle }: EntryRowProps) {
  const { t } = useTranslation()
  const hasDetails = entry.before !== null || entry.after !== null
  const who = useActorName()(entry.actor)
  // Of a project the target is often its own name.
  const target = [...new Set([projectName, entry.target])].filter(Boolean).join(' · ')
  return (
    <TableRow className={cn(hasDetails && 'cursor-pointer')} onClick={hasDetails ? onToggle : undefined}>
      <TableCell className="pr-0">
        {hasDetails ? (
          <Button
            variant="ghost"
            size="icon-sm"
            aria-expanded={isOpen}
            aria-label={t(isOpen ? 'audit.hide' : 'audit.show')}
            onClick={(event) => {
              event.stopPropagation()
              onToggle()
            }}
          >
            <ChevronRightIcon className={cn('transition-transform', isOpen && 'rotate-90')} />
          </Button>
        ) : null}
      </TableCell>
      <TableCell className="font-mono text-xs whitespace-nowrap text-muted-foreground tabular">
        {formatDateTime(entry.at)}
        <div className="font-sans text-sm text-foreground md:hidden">
          <HonestName name={who} />
        </div>
      </TableCell>
      <TableCell className="hidden whitespace-nowrap md:table-cell">
        <HonestName name={who} />
      </TableCell>
      <TableCell>
        <code className="wrap-anywhere">
          {entry.action.split('.').map((word, index) => (
            <Fragment key={word}>
              {index > 0 ? (
                <>
                  .<wbr />
                </>
              ) : null}
              {word}
            </Fragment>
          ))}
        </code>
        <div className="text-xs wrap-anywhere text-muted-foreground md:hidden">
          <HonestName name={target} />
        </div>
      </TableCell>
      <TableCell className="hidden max-w-72 truncate md:table-cell" title={revealedText(target)}>
        <HonestName name={target} />
      </TableCell>
      <TableCell className="hidden font-mono text-xs text-muted-foreground lg:table-cell">
        {entry.address}
      </TableCell>
    </TableRow>
  )
}

/** What was and what is, field by field; fields that stayed as they were are left out. */
function Details({ entry }: { entry: Entry }) {
  const { t } = useTranslation()
  const changes = changesOf(entry.before, entry.after)
  return (
    <div className="grid gap-2 px-4 py-3">
      {entry.address ? (
        <p className="text-xs text-muted-foreground lg:hidden">
          {t('audit.column.address')}: <code>{entry.address}</code>
        </p>
      ) : null}
      {changes.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t('audit.noDetails')}</p>
      ) : (
        <table className="w-full table-fixed text-xs">
          <thead>
            <tr className="text-left text-muted-foreground">
              {(['field', 'before', 'after'] as const).map((column) => (
                <th key={column} scope="col" className="pr-3 pb-1 font-medium">
                  {t(`audit.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="font-mono align-top">
            {changes.map(({ path, before, after }) => (
              <tr key={path}>
                <td className="py-0.5 pr-3 break-all text-muted-foreground">{path}</td>
                <td className="py-0.5 pr-3 break-words whitespace-pre-wrap">
                  <HonestText text={before} />
                </td>
                <td className="py-0.5 break-words whitespace-pre-wrap">
                  <HonestText text={after} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

/** A value of several lines: each as it is written. */
function HonestText({ text }: { text: string }) {
  return text.split('\n').map((line, at) => (
    <Fragment key={at}>
      {at > 0 ? '\n' : null}
      <HonestName name={line} />
    </Fragment>
  ))
}

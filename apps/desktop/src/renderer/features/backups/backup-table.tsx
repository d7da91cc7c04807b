import { useMutation, useQueryClient } from '@tanstack/react-query'
import {
  DownloadIcon,
  EllipsisIcon,
  HistoryIcon,
  ShieldAlertIcon,
  ShieldCheckIcon,
  ShieldQuestionIcon,
  Trash2Icon,
} from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFileDownload } from '@/app/files/use-file-download.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatBytes, formatDateTime } from '@/i18n/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import type { Backups } from './backups-page.tsx'
import { RemoveBackupDialog, RestoreDialog } from './backup-dialogs.tsx'

export type Backup = Backups['backups'][number]

export function BackupTable({ view }: { view: Backups }) {
  const { t, i18n } = useTranslation()
  return (
    <Table>
      <TableHeader>
        <TableRow className="hover:bg-transparent">
          <TableHead>{t('backups.column.made')}</TableHead>
          <TableHead className="hidden md:table-cell">{t('backups.column.name')}</TableHead>
          <TableHead className="text-right">{t('backups.column.size')}</TableHead>
          <TableHead>{t('backups.column.proof')}</TableHead>
          <TableHead />
        </TableRow>
      </TableHeader>
      <TableBody>
        {view.backups.map((backup) => (
          <TableRow key={backup.name}>
            <TableCell className="whitespace-nowrap">
              <TimeAgo at={backup.createdAt} />
            </TableCell>
            <TableCell className="hidden font-mono text-xs md:table-cell">{backup.name}</TableCell>
            <TableCell className="text-right whitespace-nowrap tabular">
              {formatBytes(backup.sizeBytes, i18n.language)}
            </TableCell>
            <TableCell>
              <Proof proof={backup.proof} />
            </TableCell>
            <TableCell className="w-10 text-right">
              <BackupActions backup={backup} view={view} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function Proof({ proof }: { proof: Backup['proof'] }) {
  const { t } = useTranslation()
  if (proof === null)
    return (
      <Badge variant="muted">
        <ShieldQuestionIcon /> {t('backups.unproved')}
      </Badge>
    )
  if (proof.problem !== null)
    return (
      <Badge tint="--state-crashed" title={proof.problem}>
        <ShieldAlertIcon /> {t('backups.broken')}
      </Badge>
    )
  return (
    <Badge tint="--state-running" title={t('backups.provedAt', { at: formatDateTime(proof.at) })}>
      <ShieldCheckIcon />
      <span className="max-sm:hidden">{t('backups.proved', { count: proof.documents })}</span>
      <span className="sm:hidden">{t('backups.provedShort')}</span>
    </Badge>
  )
}

function BackupActions({ backup, view }: { backup: Backup; view: Backups }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const download = useFileDownload()
  const [open, setOpen] = useState<'restore' | 'remove' | null>(null)
  const verify = useMutation(
    trpc.agent.backup.verify.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.agent.backup.pathKey() }),
    }),
  )
  const isBusy = view.job !== null
  const { name } = backup
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="ghost" size="icon" aria-label={t('backups.menu', { name })}>
            <EllipsisIcon />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => void download(`/files/backups/${name}`, name)}>
            <DownloadIcon /> {t('backups.download')}
          </MenuItem>
          <MenuItem disabled={isBusy} onSelect={() => verify.mutate({ name })}>
            <ShieldCheckIcon /> {t('backups.prove')}
          </MenuItem>
          <MenuItem disabled={isBusy} onSelect={() => setOpen('restore')}>
            <HistoryIcon /> {t('backups.restore')}
          </MenuItem>
          <MenuSeparator />
          <MenuItem variant="destructive" disabled={isBusy} onSelect={() => setOpen('remove')}>
            <Trash2Icon /> {t('backups.remove')}
          </MenuItem>
        </MenuContent>
      </Menu>
      {open === 'restore' ? (
        <RestoreDialog backup={backup} view={view} onClose={() => setOpen(null)} />
      ) : null}
      {open === 'remove' ? <RemoveBackupDialog backup={backup} onClose={() => setOpen(null)} /> : null}
    </>
  )
}

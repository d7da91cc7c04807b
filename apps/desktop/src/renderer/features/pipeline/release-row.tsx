import {
  EllipsisIcon,
  GitBranchIcon,
  GitCompareIcon,
  PlayIcon,
  RotateCcwIcon,
  Trash2Icon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/app/project/project-context.ts'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import { StateBadge, TAG_TINTS, TagBadge } from '@/ui/run-badges.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'

export type Release = Outputs['pipeline']['releases'][number]

interface ReleaseRowProps {
  release: Release
  isRunning: boolean
  isPending: boolean
  onStart: () => void
  onOpen: (dialog: 'diff' | 'remove' | 'reset') => void
}

export function ReleaseRow({ release, isRunning, isPending, onStart, onOpen }: ReleaseRowProps) {
  const { t, i18n } = useTranslation()
  const mayRun = useMay('run')
  const who = release.createdBy?.name ?? t('audit.agent')
  return (
    <li
      aria-label={release.version}
      className="relative grid grid-cols-[1rem_1fr_auto] items-start gap-x-3 pb-5 last:pb-0 [&:not(:last-child)]:before:absolute [&:not(:last-child)]:before:top-6 [&:not(:last-child)]:before:bottom-0 [&:not(:last-child)]:before:left-[7px] [&:not(:last-child)]:before:w-px [&:not(:last-child)]:before:bg-border"
    >
      <span
        aria-hidden
        style={{ '--tint': `var(${TAG_TINTS[release.tag]})` } as never}
        className={cn(
          'mt-2 size-[15px] rounded-full border-2 border-(--tint) bg-background',
          isRunning && 'bg-(--tint) shadow-[inset_0_0_0_2px_var(--background)]',
        )}
      />
      <div className="grid min-w-0 gap-1 pt-1">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="text-base leading-6 font-semibold tabular">{release.version}</h2>
          <TagBadge tag={release.tag} />
          <span className="inline-flex items-center gap-1 text-xs text-muted-foreground">
            <GitBranchIcon aria-hidden className="size-3" /> {release.branch}
          </span>
          {isRunning ? <StateBadge state="running" /> : null}
        </div>
        {release.comment ? (
          <p className="text-sm break-words whitespace-pre-wrap">{release.comment}</p>
        ) : null}
        <p className="text-xs text-muted-foreground">
          {who} · <TimeAgo at={release.createdAt} /> · {t('pipeline.fileCount', { count: release.fileCount })}{' '}
          · {formatBytes(release.sizeChars, i18n.language)}
        </p>
      </div>
      <div className="flex items-center gap-1.5">
        {mayRun && !isRunning ? (
          <Button
            variant="outline"
            size="sm"
            disabled={isPending}
            onClick={onStart}
            aria-label={t('pipeline.startVersion', { version: release.version })}
          >
            <PlayIcon className="size-3 fill-current" /> {t('run.start')}
          </Button>
        ) : null}
        <ReleaseMenu release={release} isRunning={isRunning} onOpen={onOpen} />
      </div>
    </li>
  )
}

function ReleaseMenu({
  release,
  isRunning,
  onOpen,
}: Pick<ReleaseRowProps, 'release' | 'isRunning' | 'onOpen'>) {
  const { t } = useTranslation()
  const mayRun = useMay('run')
  const mayWrite = useMay('code:write')
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon"
          className="size-7"
          aria-label={t('pipeline.releaseMenu', { version: release.version })}
        >
          <EllipsisIcon />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={() => onOpen('diff')}>
          <GitCompareIcon /> {t('pipeline.diff')}
        </MenuItem>
        {mayWrite ? (
          <MenuItem onSelect={() => onOpen('reset')}>
            <RotateCcwIcon /> {t('pipeline.resetToThis', { branch: release.branch })}
          </MenuItem>
        ) : null}
        {mayRun ? (
          <>
            <MenuSeparator />
            <MenuItem variant="destructive" disabled={isRunning} onSelect={() => onOpen('remove')}>
              <Trash2Icon /> {t('pipeline.removeRelease')}
            </MenuItem>
          </>
        ) : null}
      </MenuContent>
    </Menu>
  )
}

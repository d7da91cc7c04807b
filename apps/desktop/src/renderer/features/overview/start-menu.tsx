import { ChevronDownIcon, PlayIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { isLive, type RunState } from '@/app/project/run-state.ts'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuContent, MenuGroup, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import { SourceBadge } from '@/ui/run-badges.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'

interface StartMenuProps {
  releases: Outputs['pipeline']['releases']
  branches: Outputs['pipeline']['branches']
  state: RunState | undefined
  isPending: boolean
  onStart: (source: { release: string } | { branch: string }) => void
}

/** What can be started: releases, newest first, then branches as debug runs. */
export function StartMenu({ releases, branches, state, isPending, onStart }: StartMenuProps) {
  const { t } = useTranslation()
  const isEmpty = releases.length === 0 && branches.length === 0
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button disabled={isEmpty || isPending}>
          <PlayIcon className="size-3.5 fill-current" /> {t('run.start')}{' '}
          <ChevronDownIcon className="size-3.5" />
        </Button>
      </MenuTrigger>
      <MenuContent align="end" className="w-88 max-w-[calc(100vw-1rem)]">
        {releases.length > 0 ? (
          <MenuGroup aria-label={t('run.releases')}>
            <MenuLabel>{t('run.releases')}</MenuLabel>
            {releases.map((release) => (
              <MenuItem
                key={release.version}
                aria-label={t('run.startRelease', { version: release.version, tag: release.tag })}
                onSelect={() => onStart({ release: release.version })}
              >
                <span className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5">
                  <SourceBadge
                    source={{ release: release.version }}
                    branch={release.branch}
                    tag={release.tag}
                    className="justify-self-start"
                  />
                  <span className="text-xs text-muted-foreground">
                    {isLive(state, { release: release.version }) ? (
                      t('run.state.running')
                    ) : (
                      <TimeAgo at={release.createdAt} />
                    )}
                  </span>
                  {release.comment ? (
                    <span
                      className="col-span-2 truncate text-xs text-muted-foreground"
                      title={release.comment}
                    >
                      {release.comment}
                    </span>
                  ) : null}
                </span>
              </MenuItem>
            ))}
          </MenuGroup>
        ) : null}
        {releases.length > 0 && branches.length > 0 ? <MenuSeparator /> : null}
        {branches.length > 0 ? (
          <MenuGroup aria-label={t('run.branches')}>
            <MenuLabel>{t('run.branches')}</MenuLabel>
            {branches.map((branch) => (
              <MenuItem
                key={branch.name}
                aria-label={t('run.startBranch', { branch: branch.name })}
                onSelect={() => onStart({ branch: branch.name })}
              >
                <SourceBadge source={{ branch: branch.name }} branch={branch.name} />
                <span className="ml-auto shrink-0 text-xs text-muted-foreground">
                  {isLive(state, { branch: branch.name }) ? (
                    t('run.state.running')
                  ) : (
                    <TimeAgo at={branch.updatedAt} />
                  )}
                </span>
              </MenuItem>
            ))}
          </MenuGroup>
        ) : null}
      </MenuContent>
    </Menu>
  )
}

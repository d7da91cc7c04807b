import { ChevronDownIcon, GitBranchIcon, GitBranchPlusIcon, RotateCcwIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { isLive, useRunState } from '@/app/project/run-state.ts'
import { Button } from '@/ui/button.tsx'
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '@/ui/menu.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import type { Branches } from './branch-editor.tsx'
import { NewBranchDialog, RemoveBranchDialog, ResetBranchDialog } from './branch-dialogs.tsx'

interface BranchMenuProps {
  branch: string
  branches: Branches
  isDirty: boolean
  onBranch: (name: string) => void
  onReset: () => void
}

/** Which branch is edited, with what runs of it; making, resetting and removing branches. */
export function BranchMenu({ branch, branches, isDirty, onBranch, onReset }: BranchMenuProps) {
  const { t } = useTranslation()
  const mayWrite = useMay('code:write')
  const [dialog, setDialog] = useState<'new' | 'reset' | 'remove' | null>(null)
  const close = () => setDialog(null)
  const exists = branches.some(({ name }) => name === branch)
  const state = useRunState(useProject().id)
  const isRunning = isLive(state, { branch })
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button
            variant="outline"
            aria-label={t('pipeline.branchLabel', { branch })}
            className="min-w-0 max-sm:px-2"
          >
            <GitBranchIcon className="text-muted-foreground max-sm:hidden" />
            <span className="max-w-40 truncate max-sm:max-w-20">{branch}</span>
            {exists ? null : (
              <span className="text-xs font-normal text-muted-foreground">{t('pipeline.branchNew')}</span>
            )}
            {isRunning ? <span aria-hidden className="size-2 rounded-full bg-debug" /> : null}
            <ChevronDownIcon className="size-3.5 text-muted-foreground" />
          </Button>
        </MenuTrigger>
        <MenuContent align="start" className="w-72">
          <MenuLabel>{t('pipeline.branches')}</MenuLabel>
          <MenuRadioGroup value={branch} onValueChange={onBranch}>
            {branches.map((item) => (
              <MenuRadioItem key={item.name} value={item.name}>
                <span className="truncate">{item.name}</span>
                <span className="ml-auto shrink-0 text-xs text-muted-foreground">
                  {isLive(state, { branch: item.name }) ? (
                    <span className="text-debug">{t('pipeline.debugRunning')}</span>
                  ) : (
                    <TimeAgo at={item.updatedAt} />
                  )}
                </span>
              </MenuRadioItem>
            ))}
          </MenuRadioGroup>
          {mayWrite && exists ? (
            <>
              <MenuSeparator />
              <MenuItem onSelect={() => setDialog('new')}>
                <GitBranchPlusIcon /> {t('pipeline.newBranch')}
              </MenuItem>
              <MenuItem onSelect={() => setDialog('reset')}>
                <RotateCcwIcon /> {t('pipeline.resetBranch')}
              </MenuItem>
              <MenuItem variant="destructive" disabled={isRunning} onSelect={() => setDialog('remove')}>
                <Trash2Icon /> {t('pipeline.removeBranch')}
              </MenuItem>
            </>
          ) : null}
        </MenuContent>
      </Menu>
      {dialog === 'new' ? (
        <NewBranchDialog from={{ branch }} branches={branches} onClose={close} onMade={onBranch} />
      ) : null}
      {dialog === 'reset' ? (
        <ResetBranchDialog
          branch={branch}
          branches={branches}
          isDirty={isDirty}
          onClose={close}
          onReset={onReset}
        />
      ) : null}
      {dialog === 'remove' ? (
        <RemoveBranchDialog branch={branch} branches={branches} onClose={close} />
      ) : null}
    </>
  )
}

import { revealedText } from '@m3m/core/client'
import type { StoredEntry } from '@m3m/core/client'
import {
  CopyIcon,
  DownloadIcon,
  EllipsisIcon,
  EyeIcon,
  FolderInputIcon,
  LinkIcon,
  PencilIcon,
  Trash2Icon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'

export type EntryAction = 'open' | 'download' | 'link' | 'rename' | 'move' | 'copy' | 'remove'

interface EntryMenuProps {
  entry: StoredEntry
  mayWrite: boolean
  onAction: (action: EntryAction, entry: StoredEntry) => void
}

/** All that can be done with one entry. */
export function EntryMenu({ entry, mayWrite, onAction }: EntryMenuProps) {
  const { t } = useTranslation()
  const act = (action: EntryAction) => () => onAction(action, entry)
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon-sm"
          tabIndex={-1}
          aria-label={t('storage.actions', { name: revealedText(entry.name) })}
        >
          <EllipsisIcon />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={act('open')}>
          <EyeIcon /> {t('storage.open')}
        </MenuItem>
        <MenuItem onSelect={act('download')}>
          <DownloadIcon /> {t(entry.kind === 'folder' ? 'storage.downloadZip' : 'storage.download')}
        </MenuItem>
        {mayWrite ? (
          <>
            {entry.kind === 'file' ? (
              <MenuItem onSelect={act('link')}>
                <LinkIcon /> {t('storage.getLink')}
              </MenuItem>
            ) : null}
            <MenuSeparator />
            <MenuItem onSelect={act('rename')}>
              <PencilIcon /> {t('action.rename')}
            </MenuItem>
            <MenuItem onSelect={act('move')}>
              <FolderInputIcon /> {t('storage.move')}
            </MenuItem>
            <MenuItem onSelect={act('copy')}>
              <CopyIcon /> {t('storage.copy')}
            </MenuItem>
            <MenuSeparator />
            <MenuItem variant="destructive" onSelect={act('remove')}>
              <Trash2Icon /> {t('action.delete')}
            </MenuItem>
          </>
        ) : null}
      </MenuContent>
    </Menu>
  )
}

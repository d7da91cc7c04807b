import { honestText, revealedText } from '@m3m/core/client'
import type { StoredEntry } from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import { NameDialog, RemoveDialog } from './dialogs.tsx'
import { joined } from './entries.ts'
import { LinkDialog, LinksDialog } from './link-dialogs.tsx'
import type { useFolderActions } from './use-folder-actions.ts'

/** What is asked for at the moment. */
export type Asked =
  | { kind: 'folder' | 'file' | 'links' }
  | { kind: 'rename' | 'link'; entry: StoredEntry }
  | { kind: 'move' | 'copy' | 'remove'; entries: readonly StoredEntry[] }

interface StorageDialogsProps {
  asked: Asked
  projectId: string
  /** The folder that is shown. */
  path: string
  mayWrite: boolean
  actions: ReturnType<typeof useFolderActions>
  onMade: (path: string) => void
  onRemoved: () => void
  onClose: () => void
}

export function StorageDialogs(props: StorageDialogsProps) {
  const { asked, projectId, path, mayWrite, actions, onMade, onRemoved, onClose } = props
  const { t } = useTranslation()
  switch (asked.kind) {
    case 'links':
      return <LinksDialog projectId={projectId} mayWrite={mayWrite} onClose={onClose} />
    case 'link':
      return <LinkDialog projectId={projectId} path={asked.entry.path} onClose={onClose} />
    case 'remove':
      return (
        <RemoveDialog
          projectId={projectId}
          entries={asked.entries}
          isPending={actions.remove.isPending}
          onClose={onClose}
          onConfirm={() => {
            const paths = asked.entries.map((entry) => entry.path)
            actions.remove.mutate({ projectId, paths }, { onSuccess: onRemoved, onSettled: onClose })
          }}
        />
      )
    case 'rename':
      return (
        <NameDialog
          title={t('storage.rename', { name: revealedText(asked.entry.name) })}
          label={t('storage.newName')}
          action={t('action.rename')}
          // A new name is one that is shown as it is written.
          initial={honestText(asked.entry.name)}
          onDone={(name) => actions.rename(asked.entry.path, name)}
          onClose={onClose}
        />
      )
    case 'folder':
    case 'file': {
      const isFolder = asked.kind === 'folder'
      return (
        <NameDialog
          title={t(isFolder ? 'storage.createFolder' : 'storage.createFile')}
          label={t(isFolder ? 'storage.folderName' : 'storage.fileName')}
          action={t(isFolder ? 'storage.createFolder' : 'storage.createFile')}
          initial={isFolder ? '' : 'notes.txt'}
          onDone={async (name) => {
            const target = joined(path, name)
            await (isFolder ? actions.makeFolder(target) : actions.makeFile(target))
            if (!isFolder) onMade(target)
          }}
          onClose={onClose}
        />
      )
    }
    default: {
      const { kind, entries } = asked
      return (
        <NameDialog
          title={t(kind === 'move' ? 'storage.moveTitle' : 'storage.copyTitle', { count: entries.length })}
          label={t('storage.target')}
          hint={t('storage.targetHint')}
          action={t(kind === 'move' ? 'storage.moveTitle' : 'storage.copyTitle', { count: entries.length })}
          initial={path}
          isPath
          onDone={(folder) =>
            actions.transfer(
              kind,
              entries.map((entry) => entry.path),
              folder,
            )
          }
          onClose={onClose}
        />
      )
    }
  }
}

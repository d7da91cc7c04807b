import { ChevronRightIcon, EllipsisIcon, FileIcon, FilePlusIcon, PencilIcon, Trash2Icon } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/ui/menu.tsx'
import { toast } from '@/ui/toaster.tsx'
import { FileNameInput } from './file-name-input.tsx'
import { treeRows, type TreeRow } from './file-tree.ts'
import type { EditorSession } from './use-editor-session.ts'
import { addFile, isAtOrIn, isFileDirty, removePath, renamePath } from './workspace.ts'

type Editing = { kind: 'new'; folder: string } | { kind: 'rename'; path: string } | null

/** Files of the branch: opened by Enter, renamed by F2, deleted by Delete; arrows move. */
export function FileTree({ session, onOpened }: { session: EditorSession; onOpened?: () => void }) {
  const { t } = useTranslation()
  const mayWrite = useMay('code:write')
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [editing, setEditing] = useState<Editing>(null)
  const { workspace } = session.open
  const files = useFileCommands(session)
  if (!workspace) return null
  const rows = treeRows(
    workspace.files.map(({ path }) => path),
    folded,
  )
  const toggle = (path: string) => {
    const next = new Set(folded)
    if (!next.delete(path)) next.add(path)
    setFolded(next)
  }
  const openRow = (row: TreeRow) => {
    if (row.kind === 'folder') return toggle(row.path)
    session.openFile(row.path)
    onOpened?.()
  }
  return (
    <div className="flex h-full flex-col">
      <TreeHead {...(mayWrite && { onNew: () => setEditing({ kind: 'new', folder: '' }) })} />
      <div
        role="tree"
        aria-label={t('pipeline.files')}
        className="min-h-0 flex-1 overflow-y-auto py-1"
        onKeyDown={moveFocus}
      >
        {rows.map((row) =>
          editing?.kind === 'rename' && editing.path === row.path ? (
            <FileNameInput
              key={row.path}
              workspace={workspace}
              initial={row.path}
              onCancel={() => setEditing(null)}
              onDone={(path) => {
                files.rename(row.path, path)
                setEditing(null)
              }}
            />
          ) : (
            <Row
              key={row.path}
              row={row}
              session={session}
              isFolded={folded.has(row.path)}
              onOpen={() => openRow(row)}
              {...(mayWrite && {
                onRename: () => setEditing({ kind: 'rename', path: row.path }),
                onRemove: () => files.remove(row.path),
                onNew: () => setEditing({ kind: 'new', folder: row.kind === 'folder' ? `${row.path}/` : '' }),
              })}
            />
          ),
        )}
        {editing?.kind === 'new' ? (
          <FileNameInput
            workspace={workspace}
            initial={editing.folder}
            onCancel={() => setEditing(null)}
            onDone={(path) => {
              files.add(path)
              setEditing(null)
            }}
          />
        ) : null}
      </div>
    </div>
  )
}

function TreeHead({ onNew }: { onNew?: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="flex h-8.5 shrink-0 items-center border-b pr-1.5 pl-3">
      <span className="text-xs font-medium text-muted-foreground">{t('pipeline.files')}</span>
      {onNew ? (
        <Button
          variant="ghost"
          size="icon-sm"
          className="ml-auto"
          aria-label={t('pipeline.newFile')}
          title={t('pipeline.newFile')}
          onClick={onNew}
        >
          <FilePlusIcon />
        </Button>
      ) : null}
    </div>
  )
}

function useFileCommands(session: EditorSession) {
  const { t } = useTranslation()
  const { open } = session
  return {
    add: (path: string) => {
      open.change((workspace) => addFile(workspace, path))
      session.openFile(path)
    },
    rename: (from: string, to: string) => {
      if (from === to) return
      open.change((workspace) => renamePath(workspace, from, to))
      if (session.active && isAtOrIn(session.active, from))
        session.openFile(to + session.active.slice(from.length))
    },
    /** Gone from the editor at once; from the branch with the next save. Until then undo brings it back. */
    remove: (path: string) => {
      const gone = open.workspace?.files.filter((file) => isAtOrIn(file.path, path)) ?? []
      open.change((workspace) => removePath(workspace, path))
      toast.message(t('pipeline.fileRemoved', { file: path }), {
        action: {
          label: t('action.undo'),
          onClick: () =>
            open.replace((workspace) =>
              gone.reduce((next, file) => addFile(next, file.path, file.code), workspace),
            ),
        },
      })
    },
  }
}

interface RowProps {
  row: TreeRow
  session: EditorSession
  isFolded: boolean
  onOpen: () => void
  onRename?: () => void
  onRemove?: () => void
  onNew?: () => void
}

function Row({ row, session, isFolded, onOpen, onRename, onRemove, onNew }: RowProps) {
  const { t } = useTranslation()
  const { workspace } = session.open
  const isActive = row.path === session.active
  const inRow = workspace?.files.filter((file) => isAtOrIn(file.path, row.path)) ?? []
  const isChanged = workspace?.revision !== null && inRow.some(isFileDirty)
  const hasError = session.marks.some((mark) => mark.severity === 'error' && isAtOrIn(mark.file, row.path))
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'F2' && onRename) onRename()
    else if (event.key === 'Delete' && onRemove) onRemove()
    else if (event.key === 'ArrowRight' && row.kind === 'folder' && isFolded) onOpen()
    else if (event.key === 'ArrowLeft' && row.kind === 'folder' && !isFolded) onOpen()
    else return
    event.preventDefault()
  }
  return (
    <div
      className={cn(
        'group relative mx-1 flex items-center rounded-sm hover:bg-accent',
        isActive && 'bg-accent',
      )}
    >
      <button
        type="button"
        role="treeitem"
        aria-level={row.depth + 1}
        aria-selected={isActive}
        {...(row.kind === 'folder' && { 'aria-expanded': !isFolded })}
        onClick={onOpen}
        onKeyDown={keys}
        title={row.path}
        style={{ paddingLeft: 6 + row.depth * 14 }}
        className={cn(
          'flex h-6.5 min-w-0 flex-1 items-center gap-1.5 rounded-sm pr-7 text-left text-sm -outline-offset-2 max-[900px]:h-9',
          isChanged && 'font-medium',
          hasError && 'text-crashed',
        )}
      >
        {row.kind === 'folder' ? (
          <ChevronRightIcon className={cn('size-3.5 shrink-0 opacity-60', !isFolded && 'rotate-90')} />
        ) : (
          <FileIcon className="size-3.5 shrink-0 opacity-50" />
        )}
        <span className="truncate">{row.name}</span>
        {isChanged ? (
          <span
            aria-label={t('pipeline.unsaved')}
            className="size-1.5 shrink-0 rounded-full bg-current opacity-60"
          />
        ) : null}
      </button>
      {onRename && onRemove && onNew ? (
        <RowMenu row={row} onRename={onRename} onRemove={onRemove} onNew={onNew} />
      ) : null}
    </div>
  )
}

type RowMenuProps = Required<Pick<RowProps, 'row' | 'onRename' | 'onRemove' | 'onNew'>>

function RowMenu({ row, onRename, onRemove, onNew }: RowMenuProps) {
  const { t } = useTranslation()
  return (
    <Menu>
      <MenuTrigger
        aria-label={t('pipeline.fileMenu', { file: row.path })}
        className="absolute right-0.5 grid size-5.5 place-items-center rounded-sm text-muted-foreground opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100"
      >
        <EllipsisIcon className="size-3.5" />
      </MenuTrigger>
      {/* The name field takes the focus that the menu would give back. */}
      <MenuContent align="start" onCloseAutoFocus={(event) => event.preventDefault()}>
        {row.kind === 'folder' ? (
          <MenuItem onSelect={onNew}>
            <FilePlusIcon /> {t('pipeline.newFile')}
          </MenuItem>
        ) : null}
        <MenuItem onSelect={onRename}>
          <PencilIcon /> {t('action.rename')}
        </MenuItem>
        <MenuItem variant="destructive" onSelect={onRemove}>
          <Trash2Icon /> {t('action.delete')}
        </MenuItem>
      </MenuContent>
    </Menu>
  )
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=treeitem]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  if (at === -1) return
  event.preventDefault()
  items[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}

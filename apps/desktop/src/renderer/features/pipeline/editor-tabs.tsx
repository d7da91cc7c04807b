import { FilesIcon, XIcon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Sheet, SheetContent } from '@/ui/sheet.tsx'
import { FileTree } from './file-tree-view.tsx'
import type { EditorSession } from './use-editor-session.ts'
import { isFileDirty } from './workspace.ts'

/** Open files, with a dot for what is not saved. Where the tree has no room it opens from here. */
export function EditorTabs({ session, isTreeHidden }: { session: EditorSession; isTreeHidden: boolean }) {
  const { t } = useTranslation()
  const [isTreeOpen, setTreeOpen] = useState(false)
  return (
    <div className="flex h-8.5 shrink-0 items-stretch border-b bg-muted/40">
      {isTreeHidden ? (
        <>
          <Button
            variant="ghost"
            className="h-full rounded-none border-r px-2.5"
            aria-label={t('pipeline.files')}
            onClick={() => setTreeOpen(true)}
          >
            <FilesIcon />
          </Button>
          <Sheet open={isTreeOpen} onOpenChange={setTreeOpen}>
            <SheetContent side="left" title={t('pipeline.files')}>
              <FileTree session={session} onOpened={() => setTreeOpen(false)} />
            </SheetContent>
          </Sheet>
        </>
      ) : null}
      <div
        role="tablist"
        aria-label={t('pipeline.openFiles')}
        className="flex min-w-0 items-stretch overflow-x-auto overflow-y-hidden [scrollbar-width:none]"
      >
        {session.tabs.map((path) => (
          <Tab key={path} path={path} session={session} />
        ))}
      </div>
    </div>
  )
}

function Tab({ path, session }: { path: string; session: EditorSession }) {
  const { t } = useTranslation()
  const isActive = path === session.active
  const file = session.open.workspace?.files.find((file) => file.path === path)
  const isChanged = file !== undefined && session.open.workspace?.revision !== null && isFileDirty(file)
  const hasError = session.marks.some((mark) => mark.file === path && mark.severity === 'error')
  const name = path.slice(path.lastIndexOf('/') + 1)
  const strip = useRef<HTMLDivElement>(null)
  // The strip has no scrollbar: what is opened comes into view.
  useEffect(() => {
    if (isActive) strip.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [isActive])
  return (
    <div
      ref={strip}
      className={cn(
        'group flex shrink-0 items-center border-r pr-1 text-muted-foreground',
        isActive &&
          'relative bg-editor text-foreground after:absolute after:inset-x-0 after:-bottom-px after:h-px after:bg-editor',
      )}
    >
      <button
        type="button"
        role="tab"
        aria-selected={isActive}
        title={path}
        onClick={() => session.openFile(path)}
        onAuxClick={(event) => event.button === 1 && session.closeTab(path)}
        className={cn('h-full pr-1 pl-3 text-sm -outline-offset-2', hasError && 'text-crashed')}
      >
        {name}
        {isChanged ? <span className="sr-only"> ({t('pipeline.unsaved')})</span> : null}
      </button>
      <button
        type="button"
        aria-label={t('pipeline.closeFile', { file: path })}
        onClick={() => session.closeTab(path)}
        className="grid size-5 place-items-center rounded-sm hover:bg-accent hover:text-foreground"
      >
        {isChanged ? (
          <span aria-hidden className="size-2 rounded-full bg-current group-hover:hidden" />
        ) : null}
        <XIcon
          className={cn(
            'size-3.5',
            isChanged
              ? 'hidden group-hover:block'
              : !isActive && 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100',
          )}
        />
      </button>
    </div>
  )
}

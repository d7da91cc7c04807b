import {
  FilePlusIcon,
  FolderPlusIcon,
  LayoutGridIcon,
  LinkIcon,
  ListIcon,
  PlusIcon,
  SearchIcon,
  XIcon,
} from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Input } from '@/ui/input.tsx'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/ui/menu.tsx'
import type { LocalFile } from './dropped-files.ts'
import { UploadMenu } from './upload-buttons.tsx'

const SEARCH_AFTER_MS = 250

interface StorageToolbarProps {
  query: string
  isGrid: boolean
  mayWrite: boolean
  onQuery: (query: string) => void
  onGrid: (isGrid: boolean) => void
  onLinks: () => void
  onNew: (kind: 'folder' | 'file') => void
  onUpload: (files: LocalFile[]) => void
}

/** Search, view, links, new, and the one primary action. */
export function StorageToolbar(props: StorageToolbarProps) {
  const { query, isGrid, mayWrite, onGrid, onLinks, onNew } = props
  const { t } = useTranslation()
  return (
    <div className="flex items-center gap-1.5">
      <Search key={query === '' ? 'empty' : 'filled'} query={query} onQuery={props.onQuery} />
      <Button
        variant="ghost"
        size="icon"
        aria-label={t(isGrid ? 'storage.list' : 'storage.grid')}
        title={t(isGrid ? 'storage.list' : 'storage.grid')}
        onClick={() => onGrid(!isGrid)}
      >
        {isGrid ? <ListIcon /> : <LayoutGridIcon />}
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('storage.links')}
        title={t('storage.links')}
        onClick={onLinks}
      >
        <LinkIcon />
      </Button>
      {mayWrite ? (
        <>
          <Menu>
            <MenuTrigger asChild>
              <Button variant="outline">
                <PlusIcon /> <span className="max-sm:sr-only">{t('storage.new')}</span>
              </Button>
            </MenuTrigger>
            <MenuContent align="end">
              <MenuItem onSelect={() => onNew('folder')}>
                <FolderPlusIcon /> {t('storage.newFolder')}
              </MenuItem>
              <MenuItem onSelect={() => onNew('file')}>
                <FilePlusIcon /> {t('storage.newFile')}
              </MenuItem>
            </MenuContent>
          </Menu>
          <UploadMenu onUpload={props.onUpload} />
        </>
      ) : null}
    </div>
  )
}

function Search({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(query)
  const latest = useRef(onQuery)
  useEffect(() => {
    latest.current = onQuery
  })
  useEffect(() => {
    if (text.trim() === query) return
    const timer = setTimeout(() => latest.current(text.trim()), SEARCH_AFTER_MS)
    return () => clearTimeout(timer)
  }, [text, query])
  return (
    <div className="relative w-full min-w-0 sm:w-56">
      <SearchIcon
        className="pointer-events-none absolute top-2 left-2 size-4 text-muted-foreground"
        aria-hidden
      />
      <Input
        type="search"
        role="searchbox"
        value={text}
        // The key above makes the field anew when the first letter arrives; it must not lose the keyboard.
        autoFocus={query !== ''}
        aria-label={t('storage.search')}
        title={t('storage.searchHint')}
        placeholder={t('storage.search')}
        className="px-7.5 [&::-webkit-search-cancel-button]:hidden"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setText('')
        }}
      />
      {text === '' ? null : (
        <Button
          variant="ghost"
          size="icon-sm"
          className="absolute top-1 right-1"
          aria-label={t('action.close')}
          onClick={() => setText('')}
        >
          <XIcon />
        </Button>
      )}
    </div>
  )
}

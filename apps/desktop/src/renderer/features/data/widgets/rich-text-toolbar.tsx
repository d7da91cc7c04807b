import { useEditorState, type Editor } from '@tiptap/react'
import {
  BoldIcon,
  CodeIcon,
  ImageIcon,
  ItalicIcon,
  LinkIcon,
  ListIcon,
  ListOrderedIcon,
  MinusIcon,
  QuoteIcon,
  Redo2Icon,
  SquareCodeIcon,
  StrikethroughIcon,
  TableIcon,
  UnderlineIcon,
  Undo2Icon,
  type LucideIcon,
} from 'lucide-react'
import { useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import { isLinkTarget } from './rich-text-extensions.ts'

interface Tool {
  name:
    | 'bold'
    | 'italic'
    | 'underline'
    | 'strike'
    | 'code'
    | 'bulletList'
    | 'orderedList'
    | 'blockquote'
    | 'codeBlock'
  icon: LucideIcon
  run: (editor: Editor) => void
}

const TOOLS: readonly Tool[] = [
  { name: 'bold', icon: BoldIcon, run: (editor) => editor.chain().focus().toggleBold().run() },
  { name: 'italic', icon: ItalicIcon, run: (editor) => editor.chain().focus().toggleItalic().run() },
  { name: 'underline', icon: UnderlineIcon, run: (editor) => editor.chain().focus().toggleUnderline().run() },
  { name: 'strike', icon: StrikethroughIcon, run: (editor) => editor.chain().focus().toggleStrike().run() },
  { name: 'code', icon: CodeIcon, run: (editor) => editor.chain().focus().toggleCode().run() },
  { name: 'bulletList', icon: ListIcon, run: (editor) => editor.chain().focus().toggleBulletList().run() },
  {
    name: 'orderedList',
    icon: ListOrderedIcon,
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  { name: 'blockquote', icon: QuoteIcon, run: (editor) => editor.chain().focus().toggleBlockquote().run() },
  {
    name: 'codeBlock',
    icon: SquareCodeIcon,
    run: (editor) => editor.chain().focus().toggleCodeBlock().run(),
  },
]

const LEVELS = [1, 2, 3, 4] as const

/** One stop of Tab; arrows move inside it (ARIA, Toolbar pattern). */
export function RichTextToolbar({ editor, onPicture }: { editor: Editor; onPicture: () => void }) {
  const { t } = useTranslation()
  const state = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      on: TOOLS.filter(({ name }) => now.isActive(name)).map(({ name }) => name),
      level: LEVELS.find((level) => now.isActive('heading', { level })) ?? 0,
      isTable: now.isActive('table'),
      isLink: now.isActive('link'),
      canUndo: now.can().undo(),
      canRedo: now.can().redo(),
    }),
  })
  return (
    <div
      role="toolbar"
      aria-label={t('record.textTools')}
      onKeyDown={moveFocus}
      className="flex flex-wrap items-center gap-0.5 border-b bg-background px-1 py-0.5"
    >
      <BlockMenu editor={editor} level={state.level} />
      {TOOLS.map(({ name, icon: Icon, run }) => (
        <ToolButton
          key={name}
          label={t(`record.tool.${name}`)}
          isOn={state.on.includes(name)}
          onClick={() => run(editor)}
        >
          <Icon />
        </ToolButton>
      ))}
      <LinkTool editor={editor} isOn={state.isLink} />
      <ToolButton label={t('record.insertPicture')} onClick={onPicture}>
        <ImageIcon />
      </ToolButton>
      <TableMenu editor={editor} isOn={state.isTable} />
      <ToolButton
        label={t('record.tool.rule')}
        onClick={() => editor.chain().focus().setHorizontalRule().run()}
      >
        <MinusIcon />
      </ToolButton>
      <ToolButton
        label={t('record.tool.undo')}
        isDisabled={!state.canUndo}
        onClick={() => editor.chain().focus().undo().run()}
      >
        <Undo2Icon />
      </ToolButton>
      <ToolButton
        label={t('record.tool.redo')}
        isDisabled={!state.canRedo}
        onClick={() => editor.chain().focus().redo().run()}
      >
        <Redo2Icon />
      </ToolButton>
    </div>
  )
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (step === undefined) return
  const tools = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled)')]
  const at = tools.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  tools[(at + step + tools.length) % tools.length]?.focus()
}

interface ToolButtonProps {
  label: string
  isOn?: boolean
  isDisabled?: boolean
  onClick?: () => void
  children: ReactNode
}

const toolClass = (isOn: boolean) => cn('text-muted-foreground', isOn && 'bg-accent text-foreground')

function ToolButton({ label, isOn, isDisabled = false, onClick, children }: ToolButtonProps) {
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      tabIndex={-1}
      aria-label={label}
      title={label}
      disabled={isDisabled}
      {...(isOn !== undefined && { 'aria-pressed': isOn })}
      className={toolClass(isOn === true)}
      // The selection stays in the text.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      {children}
    </Button>
  )
}

function BlockMenu({ editor, level }: { editor: Editor; level: number }) {
  const { t } = useTranslation()
  const nameOf = (at: number) => (at === 0 ? t('record.paragraph') : t('record.heading', { level: at }))
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button
          variant="ghost"
          size="sm"
          tabIndex={0}
          className="h-6 min-w-20 justify-start px-1.5"
          aria-label={t('record.block')}
        >
          {nameOf(level)}
        </Button>
      </MenuTrigger>
      <MenuContent align="start" onCloseAutoFocus={(event) => event.preventDefault()}>
        <MenuItem onSelect={() => editor.chain().focus().setParagraph().run()}>{nameOf(0)}</MenuItem>
        {LEVELS.map((at) => (
          <MenuItem key={at} onSelect={() => editor.chain().focus().setHeading({ level: at }).run()}>
            {nameOf(at)}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  )
}

function LinkTool({ editor, isOn }: { editor: Editor; isOn: boolean }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const [url, setUrl] = useState('')
  const open = (next: boolean) => {
    if (next) setUrl(String(editor.getAttributes('link')['href'] ?? 'https://'))
    setOpen(next)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // A form inside the form of the record: its submit must not reach it.
    event.stopPropagation()
    if (!isLinkTarget(url)) return
    const chain = editor.chain().focus().extendMarkRange('link')
    if (editor.state.selection.empty && !isOn)
      chain
        .insertContent({
          type: 'text',
          text: url.trim(),
          marks: [{ type: 'link', attrs: { href: url.trim() } }],
        })
        .run()
    else chain.setLink({ href: url.trim() }).run()
    setOpen(false)
  }
  return (
    <Popover open={isOpen} onOpenChange={open}>
      <PopoverTrigger asChild>
        <Button
          variant="ghost"
          size="icon-sm"
          tabIndex={-1}
          aria-label={t('record.link')}
          title={t('record.link')}
          className={toolClass(isOn)}
        >
          <LinkIcon />
        </Button>
      </PopoverTrigger>
      <PopoverContent className="w-80">
        <form onSubmit={submit} className="grid gap-2">
          <Input
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            aria-label={t('record.linkTo')}
            spellCheck={false}
            autoFocus
          />
          <p className="text-xs text-muted-foreground">{t('record.linkHint')}</p>
          <div className="flex justify-end gap-2">
            {isOn ? (
              <Button
                variant="ghost"
                size="sm"
                onClick={() => {
                  editor.chain().focus().unsetLink().run()
                  setOpen(false)
                }}
              >
                {t('record.unlink')}
              </Button>
            ) : null}
            <Button type="submit" size="sm" disabled={!isLinkTarget(url)}>
              {t('record.setLink')}
            </Button>
          </div>
        </form>
      </PopoverContent>
    </Popover>
  )
}

function TableMenu({ editor, isOn }: { editor: Editor; isOn: boolean }) {
  const { t } = useTranslation()
  const run = (change: (chain: ReturnType<Editor['chain']>) => ReturnType<Editor['chain']>) => () =>
    void change(editor.chain().focus()).run()
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon-sm"
          tabIndex={-1}
          aria-label={t('record.table')}
          title={t('record.table')}
          className={toolClass(isOn)}
        >
          <TableIcon />
        </Button>
      </MenuTrigger>
      <MenuContent align="start" onCloseAutoFocus={(event) => event.preventDefault()}>
        <MenuItem onSelect={run((chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }))}>
          {t('record.insertTable')}
        </MenuItem>
        {isOn ? (
          <>
            <MenuSeparator />
            <MenuItem onSelect={run((chain) => chain.addRowAfter())}>{t('record.addRow')}</MenuItem>
            <MenuItem onSelect={run((chain) => chain.addColumnAfter())}>{t('record.addColumn')}</MenuItem>
            <MenuItem onSelect={run((chain) => chain.deleteRow())}>{t('record.deleteRow')}</MenuItem>
            <MenuItem onSelect={run((chain) => chain.deleteColumn())}>{t('record.deleteColumn')}</MenuItem>
            <MenuItem onSelect={run((chain) => chain.deleteTable())} variant="destructive">
              {t('record.deleteTable')}
            </MenuItem>
          </>
        ) : null}
      </MenuContent>
    </Menu>
  )
}

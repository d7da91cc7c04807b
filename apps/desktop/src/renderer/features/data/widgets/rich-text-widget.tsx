import { createDocument } from '@tiptap/core'
import { EditorContent, useEditor, type Editor } from '@tiptap/react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { toastError } from '@/app/errors/toast-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { urlOf } from '@/app/connection/connection.ts'
import { useTRPCClient } from '@/app/trpc/trpc.ts'
import { cn } from '@/ui/cn.ts'
import './prose.css'
import { richTextExtensions } from './rich-text-extensions.ts'
import { RichTextToolbar } from './rich-text-toolbar.tsx'
import { StoragePicker } from './storage-picker.tsx'
import { useUploader } from './stored-files.ts'
import { textOf } from './text-widgets.tsx'
import { useFormParts, type WidgetProps } from './widget-props.ts'

/** Rich text; its value is HTML, which the engine sanitises when it is stored. */
export function RichTextWidget(props: WidgetProps) {
  const { t } = useTranslation()
  const { field, value, isReadOnly } = props
  const latest = useRef(props)
  latest.current = props
  const [isPicking, setPicking] = useState(false)
  const resolve = useResolver()
  const upload = usePictureUpload()
  const [extensions] = useState(() => richTextExtensions(resolve))
  const html = textOf(value)
  const sent = useRef(html)
  const editor = useEditor({
    extensions,
    content: html,
    editable: !isReadOnly,
    // The page may be drawn before the editor is; it says so itself.
    immediatelyRender: true,
    shouldRerenderOnTransaction: false,
    editorProps: {
      attributes: {
        class: 'm3m-prose px-3 py-2',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': field.label ?? field.key,
      },
      handlePaste: (_view, event) => takePictures(event.clipboardData),
      handleDrop: (_view, event) => takePictures(event.dataTransfer),
    },
    onUpdate: ({ editor: changed }) => {
      sent.current = changed.isEmpty ? '' : changed.getHTML()
      latest.current.onChange(sent.current)
    },
  })
  useOutsideValue(editor, html, sent)
  useEffect(() => editor.setEditable(!isReadOnly, false), [editor, isReadOnly])

  function takePictures(data: DataTransfer | null): boolean {
    const pictures = [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'))
    for (const picture of pictures) void upload(picture).then((path) => path && insert(path))
    return pictures.length > 0
  }
  const insert = (path: string) =>
    editor
      .chain()
      .focus()
      .setImage({ src: `storage:${path}`, alt: '' })
      .run()

  return (
    <div
      id={props.id}
      tabIndex={-1}
      aria-describedby={props['aria-describedby']}
      aria-invalid={props['aria-invalid']}
      onFocus={(event) => event.target === event.currentTarget && editor.commands.focus()}
      onKeyDown={focusToolbar}
      className={cn(
        'overflow-hidden rounded-md border border-input bg-background transition-colors focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/25 aria-invalid:border-destructive dark:bg-muted/40',
      )}
    >
      {isReadOnly ? null : <RichTextToolbar editor={editor} onPicture={() => setPicking(true)} />}
      <div className="max-h-[28rem] overflow-y-auto">
        <EditorContent editor={editor} />
      </div>
      {isPicking ? (
        <StoragePicker
          title={t('record.insertPicture')}
          picturesOnly
          onClose={() => setPicking(false)}
          onChoose={(path) => {
            setPicking(false)
            insert(path)
          }}
        />
      ) : null}
    </div>
  )
}

/** Alt+F10, as in other editors: from the text to its tools. */
function focusToolbar(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'F10' || !event.altKey) return
  event.preventDefault()
  event.currentTarget.querySelector<HTMLElement>('[role=toolbar] [tabindex="0"]')?.focus()
}

/** A value that was not typed here (restored, theirs, saved and sanitised) replaces the text, unless it reads the same. */
function useOutsideValue(editor: Editor, html: string, sent: { current: string }): void {
  useEffect(() => {
    if (html === sent.current) return
    sent.current = html
    if (createDocument(html, editor.schema).eq(editor.state.doc)) return
    editor.commands.setContent(html, { emitUpdate: false })
  }, [editor, html, sent])
}

/** The address of a stored picture; `null` when it cannot be had. */
function useResolver(): (path: string) => Promise<string | null> {
  const { connection } = usePanel()
  const project = useProject()
  const client = useTRPCClient()
  return async (path) => {
    try {
      const { urls } = await client.storage.ticket.mutate({ projectId: project.id, paths: [path] })
      return urls[0] === undefined ? null : urlOf(connection, urls[0])
    } catch {
      // The picture is drawn as its text; the document is whole.
      return null
    }
  }
}

function usePictureUpload(): (file: File) => Promise<string | null> {
  const { slug } = useFormParts()
  const upload = useUploader()
  return async (file) => {
    try {
      return await upload(file, `records/${slug}/pictures`)
    } catch (error) {
      toastError(error)
      return null
    }
  }
}

import { useEffect, useRef } from 'react'
import { useIsDark } from '@/app/theme/theme.ts'
import { EDITOR_OPTIONS, monaco, showTheme } from '@/ui/code/monaco.ts'
import { textOf } from './text-widgets.tsx'
import type { WidgetProps } from './widget-props.ts'

/** Text in the editor of the Pipeline, coloured by what it looks like. */
export function CodeWidget(props: WidgetProps) {
  const box = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null)
  const latest = useRef(props)
  latest.current = props
  const isDark = useIsDark()
  const text = textOf(props.value)

  useEffect(() => showTheme(isDark), [isDark])
  useEffect(() => {
    const { field, isReadOnly } = latest.current
    const first = textOf(latest.current.value)
    const model = monaco.editor.createModel(first, languageFor(first, field.format === 'html'))
    const instance = monaco.editor.create(box.current!, {
      ...EDITOR_OPTIONS,
      model,
      readOnly: isReadOnly,
      ariaLabel: field.label ?? field.key,
      lineNumbersMinChars: 2,
      wordWrap: 'on',
      // Tab leaves the field, as in any form; Ctrl+M gives it back to the code.
      tabFocusMode: true,
    })
    editor.current = instance
    const changes = model.onDidChangeContent(() => latest.current.onChange(model.getValue()))
    return () => {
      changes.dispose()
      instance.dispose()
      model.dispose()
      editor.current = null
    }
  }, [])
  useEffect(() => {
    const model = editor.current?.getModel()
    if (model && model.getValue() !== text) model.setValue(text)
  }, [text])
  useEffect(() => editor.current?.updateOptions({ readOnly: props.isReadOnly }), [props.isReadOnly])

  return (
    <div
      id={props.id}
      tabIndex={-1}
      aria-describedby={props['aria-describedby']}
      aria-invalid={props['aria-invalid']}
      onFocus={(event) => event.target === event.currentTarget && editor.current?.focus()}
      className="h-64 min-h-32 resize-y overflow-hidden rounded-md border border-input aria-invalid:border-destructive"
    >
      <div ref={box} className="size-full" />
    </div>
  )
}

/** By its first sign; fields have no name that ends in one. */
function languageFor(text: string, isHtml: boolean): string {
  const start = text.trimStart()
  if (isHtml || start.startsWith('<')) return 'html'
  if (/^[{[]/.test(start)) return 'json'
  return /^(?:#|---|\w+:)/.test(start) ? 'markdown' : 'javascript'
}

import { useEffect, useRef } from 'react'
import { EDITOR_OPTIONS, languageOf, monaco, showTheme } from '@/ui/code/monaco.ts'

interface CodeTextProps {
  name: string
  content: string
  /** A number that grows when `content` was replaced from outside. */
  epoch: number
  isDark: boolean
  isReadOnly: boolean
  label: string
  onChange: (content: string) => void
}

/** One text in Monaco, coloured by its name. */
export function CodeText(props: CodeTextProps) {
  const { name, epoch, isDark, isReadOnly, label } = props
  const box = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  useEffect(() => showTheme(isDark), [isDark])
  useEffect(() => {
    const model = monaco.editor.createModel(latest.current.content, languageOf(name))
    const instance = monaco.editor.create(box.current!, { ...EDITOR_OPTIONS, model, wordWrap: 'on' })
    editor.current = instance
    const listening = model.onDidChangeContent(() => latest.current.onChange(model.getValue()))
    return () => {
      listening.dispose()
      instance.dispose()
      model.dispose()
      editor.current = null
    }
  }, [name])
  useEffect(() => {
    const model = editor.current?.getModel()
    if (model && model.getValue() !== latest.current.content) model.setValue(latest.current.content)
  }, [epoch])
  useEffect(
    () => editor.current?.updateOptions({ readOnly: isReadOnly, ariaLabel: label }),
    [isReadOnly, label, name],
  )
  return <div ref={box} className="min-h-0 w-full flex-1" data-testid="text-editor" />
}

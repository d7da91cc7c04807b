import { useEffect, useRef } from 'react'
import { EDITOR_OPTIONS, languageOf, monaco, showTheme } from '@/ui/code/monaco.ts'

interface DiffViewProps {
  path: string
  before: string
  after: string
  isDark: boolean
  label: string
  className?: string
}

/** Two texts side by side, or one under the other where it is narrow. Read-only. */
export function DiffView({ path, before, after, isDark, label, className }: DiffViewProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => showTheme(isDark), [isDark])
  useEffect(() => {
    const language = languageOf(path)
    const original = monaco.editor.createModel(before, language)
    const modified = monaco.editor.createModel(after, language)
    const editor = monaco.editor.createDiffEditor(box.current!, {
      ...EDITOR_OPTIONS,
      readOnly: true,
      originalEditable: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: true,
      renderOverviewRuler: false,
      hideUnchangedRegions: { enabled: true },
      originalAriaLabel: label,
      modifiedAriaLabel: label,
    })
    editor.setModel({ original, modified })
    return () => {
      editor.dispose()
      original.dispose()
      modified.dispose()
    }
  }, [path, before, after, label])
  return <div ref={box} className={className} />
}

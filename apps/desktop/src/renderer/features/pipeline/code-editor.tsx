import { useEffect, useRef } from 'react'
import { useCheckedTogether, useLookedAt } from './check-together.ts'
import { byPlace, type EditorMark, type Place } from './editor-mark.ts'
import { EDITOR_OPTIONS, languageOf, monaco, showTheme } from '@/ui/code/monaco.ts'

interface CodeEditorProps {
  files: readonly { path: string; code: string }[]
  /** A number that grows when the texts were replaced from outside. */
  epoch: number
  active: string | undefined
  serviceTypes: string | undefined
  marks: readonly EditorMark[]
  isDark: boolean
  isReadOnly: boolean
  label: string
  /** Where to go, each time the object is another one. */
  goTo: Place | null
  onChange: (path: string, code: string) => void
  onCursor: (line: number, column: number) => void
  onMarks: (marks: EditorMark[]) => void
}

const uriOf = (path: string) => monaco.Uri.parse(`file:///${encodeURI(path)}`)
const pathOf = (uri: monaco.Uri) => uri.path.replace(/^\//, '')
const OWN_MARKS = 'm3m'
/** Longer than the language service takes for a file. */
const MARKS_SETTLE_MS = 200

/** One Monaco for all files of the branch: a model for each, so that imports between them are understood. */
export function CodeEditor(props: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  latest.current = props
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null)
  const views = useRef(new Map<string, monaco.editor.ICodeEditorViewState>())
  const { files, epoch, active, isDark, serviceTypes, marks, goTo, isReadOnly, label } = props

  useEffect(() => showTheme(isDark), [isDark])
  useEffect(() => {
    const instance = monaco.editor.create(box.current!, { ...EDITOR_OPTIONS, model: null })
    editor.current = instance
    // Files that are looked at anew lose their marks for a moment: nobody shall see the list of problems blink.
    let telling: ReturnType<typeof setTimeout> | undefined
    const tellMarks = () => {
      clearTimeout(telling)
      telling = setTimeout(() => latest.current.onMarks(readMarks()), MARKS_SETTLE_MS)
    }
    const ends = [
      instance,
      { dispose: () => clearTimeout(telling) },
      instance.onDidChangeCursorPosition(({ position }) =>
        latest.current.onCursor(position.lineNumber, position.column),
      ),
      monaco.editor.onDidChangeMarkers(tellMarks),
    ]
    const remembered = views.current
    return () => {
      ends.forEach((end) => end.dispose())
      monaco.editor.getModels().forEach((model) => model.dispose())
      editor.current = null
      remembered.clear()
    }
  }, [])

  const paths = files.map(({ path }) => path).join('\n')
  useEffect(() => {
    syncModels(latest.current.files, (path, code) => latest.current.onChange(path, code))
  }, [paths, epoch])

  useEffect(() => {
    const instance = editor.current
    if (!instance) return
    const before = instance.getModel()
    if (before) {
      const view = instance.saveViewState()
      if (view) views.current.set(pathOf(before.uri), view)
    }
    const model = active === undefined ? null : monaco.editor.getModel(uriOf(active))
    instance.setModel(model)
    const view = active === undefined ? undefined : views.current.get(active)
    if (view) instance.restoreViewState(view)
    if (model) instance.focus()
  }, [active, paths, epoch])

  // After the models are there.
  useCheckedTogether({ serviceTypes, files, active, epoch })
  useLookedAt({ serviceTypes, active, epoch }, uriOf, () =>
    setTimeout(() => editor.current && latest.current.onMarks(readMarks()), MARKS_SETTLE_MS),
  )

  useEffect(
    () => editor.current?.updateOptions({ readOnly: isReadOnly, ariaLabel: label }),
    [isReadOnly, label],
  )
  useEffect(() => showMarks(marks), [marks, paths, epoch])
  useEffect(() => {
    if (!goTo || goTo.file !== active) return
    const position = { lineNumber: goTo.line, column: goTo.column }
    editor.current?.setPosition(position)
    editor.current?.revealPositionInCenter(position)
    editor.current?.focus()
  }, [goTo, active, epoch])

  return <div ref={box} className="h-full min-h-0 w-full" data-testid="editor" />
}

/** A model for each file, no other: new ones are made, texts from outside are put in, the rest go. */
function syncModels(
  files: readonly { path: string; code: string }[],
  onChange: (path: string, code: string) => void,
): void {
  const wanted = new Map(files.map(({ path, code }) => [uriOf(path).toString(), { path, code }]))
  for (const model of monaco.editor.getModels()) {
    if (model.uri.scheme === 'file' && !wanted.has(model.uri.toString())) model.dispose()
  }
  for (const { path, code } of wanted.values()) {
    const existing = monaco.editor.getModel(uriOf(path))
    if (existing) {
      if (existing.getValue() !== code) existing.setValue(code)
      continue
    }
    const model = monaco.editor.createModel(code, languageOf(path), uriOf(path))
    model.onDidChangeContent(() => onChange(path, model.getValue()))
  }
}

function showMarks(marks: readonly EditorMark[]): void {
  for (const model of monaco.editor.getModels()) {
    const own = marks.filter(({ file }) => file === pathOf(model.uri))
    monaco.editor.setModelMarkers(
      model,
      OWN_MARKS,
      own.map((mark) => ({
        severity: mark.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
        message: mark.message,
        source: mark.source,
        startLineNumber: mark.line,
        startColumn: mark.column,
        endLineNumber: mark.line,
        endColumn: endOfWord(model, mark),
      })),
    )
  }
}

function endOfWord(model: monaco.editor.ITextModel, { line, column }: Place): number {
  if (line < 1 || line > model.getLineCount()) return column + 1
  const word = model.getWordAtPosition({ lineNumber: line, column })
  return word ? word.endColumn : model.getLineMaxColumn(line)
}

/** All marks, the language service's too, errors first. */
function readMarks(): EditorMark[] {
  return monaco.editor
    .getModelMarkers({})
    .filter(
      ({ severity, resource }) => severity >= monaco.MarkerSeverity.Warning && resource.scheme === 'file',
    )
    .map((marker) => ({
      file: pathOf(marker.resource),
      line: marker.startLineNumber,
      column: marker.startColumn,
      severity: marker.severity === monaco.MarkerSeverity.Error ? ('error' as const) : ('warning' as const),
      message: marker.message,
      source: marker.source ?? marker.owner,
    }))
    .sort((a, b) => a.severity.localeCompare(b.severity) || byPlace(a, b))
}

import * as monaco from 'monaco-editor/editor'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import 'monaco-editor/features/register.all'
import 'monaco-editor/languages/definitions/css/register'
import 'monaco-editor/languages/definitions/html/register'
import 'monaco-editor/languages/definitions/javascript/register'
import 'monaco-editor/languages/definitions/markdown/register'
import 'monaco-editor/languages/definitions/typescript/register'
import 'monaco-editor/languages/definitions/yaml/register'
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker'
import 'monaco-editor/languages/features/json/register'
import {
  getJavaScriptWorker,
  getTypeScriptWorker,
  javascriptDefaults,
  ModuleKind,
  ModuleResolutionKind,
  ScriptTarget,
  typescriptDefaults,
} from 'monaco-editor/languages/features/typescript/register'
import TsWorker from 'monaco-editor/languages/features/typescript/ts.worker?worker'

// Monaco with what the panel edits and nothing else; it is loaded on the pages with an editor only. Its
// languages run in workers served from our own origin (the content policy has no 'unsafe-eval').
self.MonacoEnvironment = {
  getWorker: (_id, label) => {
    if (label === 'typescript' || label === 'javascript') return new TsWorker()
    if (label === 'json') return new JsonWorker()
    return new EditorWorker()
  },
}

for (const defaults of [javascriptDefaults, typescriptDefaults]) {
  const isTypeScript = defaults === typescriptDefaults
  defaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    module: ModuleKind.ESNext,
    moduleResolution: ModuleResolutionKind.NodeJs,
    // No DOM: services run in an isolate. What they have comes from the agent (runtime.types).
    lib: ['esnext'],
    allowJs: true,
    checkJs: true,
    allowNonTsExtensions: true,
    noEmit: true,
    strict: isTypeScript,
    noImplicitAny: false,
  })
  defaults.setDiagnosticsOptions({
    // 80005: "require may be an import"; 7016, 7044, 7045: a parameter without a type in JavaScript.
    diagnosticCodesToIgnore: isTypeScript ? [] : [80005, 7016, 7044, 7045],
    noSuggestionDiagnostics: !isTypeScript,
  })
  defaults.setEagerModelSync(true)
}

const SERVICE_TYPES_URI = 'file:///m3m.d.ts'

/**
 * What the files of a service are checked against: `declarations` (modules, models, variables), and each other. A
 * model is looked at again only when its own text changes, and each language has a worker that knows no file of
 * the other: so this is called whenever another file may have changed. All are then looked at anew.
 */
export function setSurroundings(declarations: string, models: readonly monaco.editor.ITextModel[]): void {
  const types = { content: declarations, filePath: SERVICE_TYPES_URI }
  const inLanguage = (language: string) =>
    models
      .filter((model) => model.getLanguageId() === language)
      .map((model) => ({ content: model.getValue(), filePath: model.uri.toString() }))
  javascriptDefaults.setExtraLibs([types, ...inLanguage('typescript')])
  typescriptDefaults.setExtraLibs([types, ...inLanguage('javascript')])
}

/** Resolves when the language service has an answer about a file; at once for a file that has no such service. */
export async function diagnosed(model: monaco.editor.ITextModel): Promise<void> {
  const language = model.getLanguageId()
  if (language !== 'typescript' && language !== 'javascript') return
  const workerOf = await (language === 'typescript' ? getTypeScriptWorker() : getJavaScriptWorker())
  const service = await workerOf(model.uri)
  await service.getSemanticDiagnostics(model.uri.toString())
}

const THEMES = { light: 'm3m-light', dark: 'm3m-dark' } as const

interface Palette {
  base: 'vs' | 'vs-dark'
  surface: string
  text: string
  faint: string
  line: string
  border: string
  widget: string
  comment: string
  keyword: string
  string: string
  number: string
  type: string
}

// Colours of Monaco cannot be CSS variables; these are the tokens of styles.css and five more for the words of
// the language, quiet ones: the eye should find marks before keywords. All have 4.5:1 on the editor's ground.
const PALETTES: Record<'light' | 'dark', Palette> = {
  light: {
    base: 'vs',
    surface: '#ffffff',
    text: '#18181b',
    faint: '#a1a1aa',
    line: '#f7f7f8',
    border: '#e4e4e7',
    widget: '#ffffff',
    comment: '#6b7280',
    keyword: '#7c3aed',
    string: '#15803d',
    number: '#b4470a',
    type: '#0e7490',
  },
  dark: {
    base: 'vs-dark',
    surface: '#131316',
    text: '#ededef',
    faint: '#5b5b63',
    line: '#1a1a1e',
    border: '#28282d',
    widget: '#18181b',
    comment: '#8b8b95',
    keyword: '#b79cfb',
    string: '#86d9a0',
    number: '#f0a56b',
    type: '#6cc9dc',
  },
}

function themeOf(palette: Palette): monaco.editor.IStandaloneThemeData {
  const bare = (color: string) => color.slice(1)
  const rules = [
    { token: 'comment', foreground: bare(palette.comment) },
    { token: 'keyword', foreground: bare(palette.keyword) },
    { token: 'string', foreground: bare(palette.string) },
    { token: 'number', foreground: bare(palette.number) },
    { token: 'type', foreground: bare(palette.type) },
    { token: 'regexp', foreground: bare(palette.number) },
    { token: 'delimiter', foreground: bare(palette.text) },
  ]
  const brackets = [1, 2, 3, 4, 5, 6].map((level) => [
    `editorBracketHighlight.foreground${level}`,
    palette.text,
  ])
  return {
    base: palette.base,
    inherit: true,
    rules,
    colors: {
      ...Object.fromEntries(brackets),
      'editor.background': palette.surface,
      'editor.foreground': palette.text,
      'editorLineNumber.foreground': palette.faint,
      'editorLineNumber.activeForeground': palette.text,
      'editor.lineHighlightBackground': palette.line,
      'editor.lineHighlightBorder': '#00000000',
      // Faint: where a name stands, too, is a hint; Monaco's grey shouts louder than the selection.
      'editor.wordHighlightBackground': `${palette.text}14`,
      'editor.wordHighlightStrongBackground': `${palette.text}1f`,
      'editor.wordHighlightTextBackground': `${palette.text}14`,
      'editorGutter.background': palette.surface,
      'editorWidget.background': palette.widget,
      'editorWidget.border': palette.border,
      'editorIndentGuide.background1': palette.border,
      'diffEditor.diagonalFill': palette.border,
      focusBorder: '#00000000',
    },
  }
}

monaco.editor.defineTheme(THEMES.light, themeOf(PALETTES.light))
monaco.editor.defineTheme(THEMES.dark, themeOf(PALETTES.dark))

export function showTheme(isDark: boolean): void {
  monaco.editor.setTheme(isDark ? THEMES.dark : THEMES.light)
}

// Text of several lines that comes at once (dictation, input methods, automation) is put in as it is: typed, each
// line of it would be indented again.
monaco.editor.registerCommand('type', (_accessor, { text }: { text: string }) => {
  const editor = monaco.editor.getEditors().find((candidate) => candidate.hasTextFocus())
  if (text.length > 1 && text.includes('\n'))
    editor?.trigger('keyboard', 'paste', { text, pasteOnNewLine: false })
  else editor?.trigger('keyboard', 'default:type', { text })
})

export const EDITOR_OPTIONS: monaco.editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  fontFamily:
    "ui-monospace, 'SF Mono', SFMono-Regular, 'Cascadia Code', 'JetBrains Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  smoothScrolling: false,
  tabSize: 2,
  padding: { top: 8, bottom: 8 },
  renderLineHighlight: 'line',
  guides: { indentation: true },
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  fixedOverflowWidgets: true,
  stickyScroll: { enabled: false },
  lineNumbersMinChars: 3,
  wordBasedSuggestions: 'off',
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
}

export { monaco }

/** By the file's name; what is not known is plain text. */
export function languageOf(path: string): string {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  return LANGUAGES[extension] ?? 'plaintext'
}

const LANGUAGES: Record<string, string> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  json: 'json',
  html: 'html',
  htm: 'html',
  css: 'css',
  md: 'markdown',
  yaml: 'yaml',
  yml: 'yaml',
}

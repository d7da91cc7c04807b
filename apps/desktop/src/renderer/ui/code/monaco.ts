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
  javascriptDefaults,
  ModuleKind,
  ModuleResolutionKind,
  ScriptTarget,
  typescriptDefaults,
} from 'monaco-editor/languages/features/typescript/register'
import TypeScriptWorker from 'monaco-editor/languages/features/typescript/ts.worker?worker'

// Monaco with what the panel edits and nothing else; it is loaded on the pages with an editor only. Its
// languages run in workers served from our own origin (the content policy has no 'unsafe-eval').
self.MonacoEnvironment = {
  getWorker: (_id, label) => {
    if (label === 'typescript' || label === 'javascript') return new TypeScriptWorker()
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

/** What a service of this project may use: modules, models, variables. */
export function setServiceTypes(declarations: string): void {
  for (const defaults of [javascriptDefaults, typescriptDefaults])
    defaults.setExtraLibs([{ content: declarations, filePath: SERVICE_TYPES_URI }])
}

const THEMES = { light: 'm3m-light', dark: 'm3m-dark' } as const

// Colours of Monaco cannot be CSS variables; these are the tokens of styles.css.
monaco.editor.defineTheme(THEMES.light, {
  base: 'vs',
  inherit: true,
  rules: [],
  colors: {
    'editor.background': '#ffffff',
    'editor.foreground': '#18181b',
    'editorLineNumber.foreground': '#a1a1aa',
    'editorLineNumber.activeForeground': '#3f3f46',
    'editor.lineHighlightBackground': '#f7f7f8',
    'editor.lineHighlightBorder': '#00000000',
    'editorGutter.background': '#ffffff',
    'editorWidget.background': '#ffffff',
    'editorWidget.border': '#e4e4e7',
    focusBorder: '#00000000',
    'diffEditor.diagonalFill': '#e4e4e7',
  },
})
monaco.editor.defineTheme(THEMES.dark, {
  base: 'vs-dark',
  inherit: true,
  rules: [],
  colors: {
    'editor.background': '#131316',
    'editor.foreground': '#ededef',
    'editorLineNumber.foreground': '#5b5b63',
    'editorLineNumber.activeForeground': '#c4c4cb',
    'editor.lineHighlightBackground': '#1a1a1e',
    'editor.lineHighlightBorder': '#00000000',
    'editorGutter.background': '#131316',
    'editorWidget.background': '#18181b',
    'editorWidget.border': '#28282d',
    focusBorder: '#00000000',
    'diffEditor.diagonalFill': '#28282d',
  },
})

export function showTheme(isDark: boolean): void {
  monaco.editor.setTheme(isDark ? THEMES.dark : THEMES.light)
}

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
  bracketPairColorization: { enabled: false },
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

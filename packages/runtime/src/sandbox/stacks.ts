// Errors lose own fields and `cause` on crossing an isolate's border, so they cross as data made here.

import { withCure } from './foreign-names.ts'

/** An error as it leaves the isolate. */
export interface ErrorData {
  name: string
  message: string
  code?: string
  /** HTTP status a host error proposes. */
  status?: number
  /** Message and the author's own frames, with causes. */
  text: string
  position?: { file: string; line: number; column: number }
}

/** What frames of the prelude are called in stacks. */
export const PRELUDE_FILE = 'm3m:prelude'
/**
 * A classic file is wrapped in a function on its first line: columns there are that much too great.
 *
 * @param importName what stands for `import` of `import()`: 6 characters, as the word has, so that the length is one for all.
 */
export const classicPrefix = (importName: string | null): string =>
  `(function($exports,exports,module,require${importName === null ? '       ' : `,${importName}`}){`
const CLASSIC_PREFIX_LENGTH = classicPrefix(null).length

/** Ends the name under which V8 knows a required file, so that both sides know whose columns to correct. */
export const CLASSIC_MARK = '?required'

const FRAME = /(?:\(|at (?:async )?)((?!m3m:|<)[^():\s][^():]*):(\d+):(\d+)\)?$/
const SYNTAX = /\[([^\]:]+):(\d+):(\d+)\]/
const MAX_TEXT = 16_384

/** The error with its own stack lines, causes included, and where in the author's files it was thrown. Never throws. */
export function errorData(thrown: unknown): ErrorData {
  try {
    return thrown instanceof Error
      ? dataOf(thrown)
      : { name: 'Error', message: show(thrown), text: show(thrown) }
  } catch {
    const message = 'a thrown value that cannot be shown'
    return { name: 'Error', message, text: message }
  }
}

function dataOf(error: Error & { code?: unknown; status?: unknown }): ErrorData {
  const stack = typeof error.stack === 'string' ? error.stack : ''
  const data: ErrorData = {
    name: `${error.name}`,
    message: cut(withCure(`${error.name}`, `${error.message}`)),
    text: cut(textOf(error, 0)),
  }
  if (typeof error.code === 'string') data.code = error.code
  if (typeof error.status === 'number') data.status = error.status
  const position = positionOf(stack)
  if (position) data.position = position
  return data
}

function textOf(error: Error, depth: number): string {
  const title = `${error.name}: ${withCure(`${error.name}`, `${error.message}`)}`
  const code = (error as { code?: unknown }).code
  const head = typeof code === 'string' ? `${title} (${code})` : title
  const lines = authorFrames(typeof error.stack === 'string' ? error.stack : '')
  const own = lines.length > 0 ? `${head}\n${lines.join('\n')}` : head
  if (error.cause === undefined || depth > 3) return own
  const cause = error.cause instanceof Error ? textOf(error.cause, depth + 1) : show(error.cause)
  return `${own}\ncaused by ${cause}`
}

/** The stack lines that lie in the author's files, positions corrected. */
export function authorFrames(stack: string): string[] {
  const lines: string[] = []
  for (const line of stack.split('\n')) {
    const found = FRAME.exec(line)
    if (!found || !line.startsWith('    at ')) continue
    const at = placeOf(found[1]!, +found[2]!, +found[3]!)
    const before = line.slice(0, line.lastIndexOf(`${found[1]}:${found[2]}:${found[3]}`))
    lines.push(`${before}${at.file}:${at.line}:${at.column}${line.endsWith(')') ? ')' : ''}`)
  }
  return lines
}

/** Where in the author's files a stack begins. */
export function positionOf(stack: string): ErrorData['position'] {
  const syntax = SYNTAX.exec(stack)
  if (syntax && !syntax[1]!.startsWith('m3m:')) return placeOf(syntax[1]!, +syntax[2]!, +syntax[3]!)
  for (const line of stack.split('\n')) {
    const found = FRAME.exec(line)
    if (found && line.startsWith('    at ')) return placeOf(found[1]!, +found[2]!, +found[3]!)
  }
  return undefined
}

function placeOf(name: string, line: number, column: number): { file: string; line: number; column: number } {
  if (!name.endsWith(CLASSIC_MARK)) return { file: name, line, column }
  const shift = line === 1 ? CLASSIC_PREFIX_LENGTH : 0
  return { file: name.slice(0, -CLASSIC_MARK.length), line, column: Math.max(1, column - shift) }
}

function show(value: unknown): string {
  if (typeof value === 'string') return cut(value)
  if (typeof value === 'object' && value !== null) return cut(JSON.stringify(value) ?? 'an object')
  return cut(String(value))
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
}

import { stripTypeScriptTypes } from 'node:module'
import type { ToolJob } from '../tool-job.ts'
import { findImportCalls } from './import-calls.ts'
import { findHostileNesting } from './nesting.ts'
import { checkSyntax } from './syntax-check.ts'

/** A file of a service; `path` is relative and `/`-separated. */
export interface CodeFile {
  path: string
  code: string
}

/** A file V8 takes: types blanked out, so that every position is the author's. */
export interface StrippedFile extends CodeFile {
  /** How to compile it: `module` when it has import, export or top-level await; `data` when it is no code. */
  kind: 'script' | 'module' | 'data'
  /** Offsets of the word `import` of every `import(…)` in `code`; absent where there is none. */
  imports?: readonly number[]
}

/** A mark in the editor. Line and column are 1-based, columns count UTF-16 units. */
export interface StripProblem {
  file: string
  line: number
  column: number
  severity: 'error' | 'warning'
  message: string
}

/** The stripped files when all are right, otherwise what is wrong (the first problem of each file). */
export type StripResult = { files: StrippedFile[] } | { problems: StripProblem[] }

/** Raised with every change of what `strip` answers for the same files: answers are kept on disk (checked-code.ts, whose test minds it). */
export const STRIP_VERSION = 2

type Outcome = { file: StrippedFile } | { problem: StripProblem }

const TOO_DEEP = 'This file is nested too deeply to be checked; split its longest expressions or blocks.'

/** Strips types and checks the syntax of every file, each by itself. */
export const strip: ToolJob<readonly CodeFile[], StripResult> = (input, job) => {
  const files: StrippedFile[] = []
  const problems: StripProblem[] = []
  let broken = false
  const poisoned = () => {
    broken = true
    job.poisoned()
  }
  for (const file of input) {
    job.workingOn(file.path)
    const outcome = stripFile(file, poisoned)
    if ('file' in outcome) files.push(outcome.file)
    else problems.push(outcome.problem)
    // A broken stripper would refuse innocent files too.
    if (broken) break
  }
  return { output: problems.length > 0 ? { problems } : { files } }
}

/** Node loads its stripper at the first use (0.15 s of CPU time): that is not the time of the file that happens to be first. */
export function loadStripper(input: readonly CodeFile[]): void {
  if (input.some(({ path }) => languageOf(path) === 'typescript')) stripTypeScriptTypes('')
}

function stripFile(file: CodeFile, poisoned: () => void): Outcome {
  const language = languageOf(file.path)
  if (language === 'json') return checkJson(file)
  if (language === 'other') return { file: { ...file, kind: 'data' } }
  const hostile = findHostileNesting(file.code)
  if (hostile) return problem(file.path, hostile)
  const stripped = language === 'typescript' ? stripTypes(file, poisoned) : file.code
  if (typeof stripped !== 'string') return { problem: stripped }
  const verdict = checkSyntax(stripped, file.path)
  if (verdict.kind === 'wrong') return problem(file.path, verdict)
  if (verdict.kind === 'too-deep') return problem(file.path, { line: 1, column: 1, message: TOO_DEEP })
  const imports = findImportCalls(stripped, verdict.kind)
  const { path } = file
  return { file: { path, code: stripped, kind: verdict.kind, ...(imports.length > 0 && { imports }) } }
}

function languageOf(path: string): 'javascript' | 'typescript' | 'json' | 'other' {
  if (/\.[cm]?js$/.test(path)) return 'javascript'
  if (/\.[cm]?ts$/.test(path)) return 'typescript'
  return path.endsWith('.json') ? 'json' : 'other'
}

function problem(
  file: string,
  at: { line: number; column: number; message: string },
): { problem: StripProblem } {
  return { problem: { file, line: at.line, column: at.column, severity: 'error', message: at.message } }
}

function stripTypes(file: CodeFile, poisoned: () => void): string | StripProblem {
  try {
    return stripTypeScriptTypes(file.code, { mode: 'strip' })
  } catch (error) {
    const { code, message, stack } = error as NodeJS.ErrnoException
    if (code === 'ERR_INVALID_TYPESCRIPT_SYNTAX' || code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
      return problem(file.path, { ...positionInStack(stack ?? '', file.code), message }).problem
    }
    // The stripper (WebAssembly) overflowed its stack and stays broken for the life of this process.
    poisoned()
    return problem(file.path, { line: 1, column: 1, message: TOO_DEEP }).problem
  }
}

/**
 * Node writes `:<line>\n<the lines up to it>\n<blanks>^^^` before the stack; the blanks are the column. Of what goes over
 * several lines it says the first line only: there the column is that of its first character.
 */
function positionInStack(stack: string, code: string): { line: number; column: number } {
  const head = /^[^\n]*?:(\d+)\n/.exec(stack)
  const line = Number(head?.[1] ?? 1)
  const caret = /\n([^\S\n]*)\^+\n\nSyntaxError/.exec(stack)
  const indent = /^\s*/.exec(code.split('\n', line)[line - 1] ?? '')![0]
  return { line, column: (caret ? caret[1]! : indent).length + 1 }
}

function checkJson(file: CodeFile): Outcome {
  try {
    JSON.parse(file.code)
    return { file: { ...file, kind: 'data' } }
  } catch (error) {
    const { message } = error as Error
    const at = / \(line (\d+) column (\d+)\)/.exec(message)
    const text = message.replace(/ in JSON at position.*$/, ' in this JSON file')
    return problem(file.path, { line: Number(at?.[1] ?? 1), column: Number(at?.[2] ?? 1), message: text })
  }
}

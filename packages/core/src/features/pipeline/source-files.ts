import type { SourceFile } from '../runs/supervisor.port.ts'
import { pipelineErrors } from './pipeline.errors.ts'
import type { CodeHit, CodeSource, FileDiff } from './pipeline.schema.ts'
import { CODE_CAPS } from './pipeline.schema.ts'

const ENTRIES = ['main.js', 'main.ts'] as const
/** Hits of one search: more than a person reads. */
const MAX_HITS = 500
const MAX_LINE = 300

/** @throws PIPELINE_FILES, PIPELINE_TOO_LARGE */
export function demandSaveable(files: readonly SourceFile[]): void {
  const seen = new Map<string, string>()
  const folders = new Map<string, string>()
  for (const { path } of files) {
    // Two names that differ by case are one file on the disks of many editors.
    const twin = seen.get(path.toLowerCase())
    if (twin !== undefined)
      throw pipelineErrors.PIPELINE_FILES({ reason: `"${twin}" and "${path}" are one name` })
    seen.set(path.toLowerCase(), path)
    const parts = path.toLowerCase().split('/')
    for (let depth = 1; depth < parts.length; depth++) folders.set(parts.slice(0, depth).join('/'), path)
  }
  for (const [folder, path] of folders) {
    const file = seen.get(folder)
    if (file !== undefined)
      throw pipelineErrors.PIPELINE_FILES({ reason: `"${file}" is a file and a folder of "${path}"` })
  }
  const chars = sizeOf(files)
  if (chars > CODE_CAPS.totalChars)
    throw pipelineErrors.PIPELINE_TOO_LARGE({ chars, max: CODE_CAPS.totalChars })
}

export function sizeOf(files: readonly SourceFile[]): number {
  return files.reduce((sum, { code }) => sum + code.length, 0)
}

/** `main.js` or `main.ts`. @throws PIPELINE_NO_ENTRY */
export function entryOf(files: readonly SourceFile[], source: CodeSource): string {
  const entry = findEntry(files)
  if (entry === null) throw pipelineErrors.PIPELINE_NO_ENTRY({ source: sourceName(source) })
  return entry
}

export function findEntry(files: readonly SourceFile[]): string | null {
  return ENTRIES.find((path) => files.some((file) => file.path === path)) ?? null
}

/** For messages: `Release 1.2`, `Branch develop`. */
export function sourceName(source: CodeSource): string {
  return 'release' in source ? `Release ${source.release}` : `Branch ${source.branch}`
}

/** Every file of either side, by path. */
export function diffFiles(a: readonly SourceFile[], b: readonly SourceFile[]): FileDiff[] {
  const left = new Map(a.map(({ path, code }) => [path, code]))
  const right = new Map(b.map(({ path, code }) => [path, code]))
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort()
  return paths.map((path) => {
    const [before, after] = [left.get(path) ?? null, right.get(path) ?? null]
    return { path, status: statusOf(before, after), a: before, b: after }
  })
}

function statusOf(before: string | null, after: string | null): FileDiff['status'] {
  if (before === null) return 'added'
  if (after === null) return 'removed'
  return before === after ? 'same' : 'changed'
}

/** Lines that have the text, whatever its case. */
export function searchFiles(files: readonly SourceFile[], text: string): CodeHit[] {
  const wanted = text.toLowerCase()
  const hits: CodeHit[] = []
  for (const { path, code } of files) {
    for (const [index, line] of code.split('\n').entries()) {
      const column = line.toLowerCase().indexOf(wanted)
      if (column >= 0)
        hits.push({ file: path, line: index + 1, column: column + 1, text: line.slice(0, MAX_LINE) })
      if (hits.length === MAX_HITS) return hits
    }
  }
  return hits
}

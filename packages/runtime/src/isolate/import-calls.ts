// `import()` of the author's files, bound to functions of ours. The word is replaced by a name of the same length, so that every
// line and column stays the author's, and the name is one that no file uses.
import type { StrippedFile } from '../tools/tools.contract.ts'

/** Files in which `import()` calls a function of the prelude. */
export interface BoundFiles<F extends StrippedFile = StrippedFile> {
  readonly files: readonly F[]
  /** What stands in the place of the word; null when no file calls `import()`. */
  readonly importName: string | null
}

const WORD = 'import'

/** The files as they are compiled. Those of a service that never calls `import()` are the very same. */
export function bindImportCalls(files: readonly StrippedFile[]): BoundFiles {
  if (!files.some(({ imports }) => imports && imports.length > 0)) return { files, importName: null }
  const importName = freeName(files)
  return { files: files.map((file) => bound(file, importName)), importName }
}

function bound(file: StrippedFile, name: string): StrippedFile {
  let code = ''
  let at = 0
  for (const offset of file.imports ?? []) {
    code += file.code.slice(at, offset) + name
    at = offset + WORD.length
  }
  return at === 0 ? file : { ...file, code: code + file.code.slice(at) }
}

/** As long as the word. The first reads like it, where V8 quotes the author's line. */
function freeName(files: readonly StrippedFile[]): string {
  let name = 'imp0rt'
  for (let n = 0; files.some(({ code }) => code.includes(name)); n++)
    name = `i${n.toString(36).padStart(WORD.length - 1, '0')}`
  return name
}

// Where an import stands in the author's files, and which names are asked for: V8 does not say.
import type { SourcePosition } from '@m3m/base'

/** Where a file imports `specifier` (and `name` from it). */
export function findImport(
  files: readonly { path: string; code: string }[],
  path: string,
  specifier: string,
  name?: string,
): SourcePosition | null {
  const code = files.find((file) => file.path === path)?.code
  if (code === undefined) return null
  for (const match of code.matchAll(/\b(?:import|export)\b([^'"`;]*?)(['"])([^'"]+)\2/g)) {
    if (match[3] !== specifier) continue
    const clause = match[1]!
    const at = name === undefined ? match[0].lastIndexOf(match[2]! + specifier) : nameIn(clause, name)
    if (at < 0) continue
    const offset = match.index + (name === undefined ? at : match[0].indexOf(clause) + at)
    const before = code.slice(0, offset).split('\n')
    return { file: path, line: before.length, column: before.at(-1)!.length + 1 }
  }
  return null
}

function nameIn(clause: string, name: string): number {
  if (name === 'default') return clause.search(/[\w$]/)
  return clause.search(new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`))
}

/** Every name that some file imports from another by `import { … }`, or passes on. */
export function importedNames(files: readonly { code: string }[]): Set<string> {
  const names = new Set<string>()
  for (const { code } of files)
    for (const [, clause] of code.matchAll(/\b(?:import|export)\b[^'"`;{]*\{([^}]*)\}\s*from\b/g))
      for (const item of clause!.split(',')) {
        const name = item.trim().split(/\s+as\s+/)[0]!
        if (/^[\w$]+$/.test(name)) names.add(name)
      }
  return names
}

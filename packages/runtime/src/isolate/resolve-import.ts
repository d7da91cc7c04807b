import type { SourcePosition } from '@m3m/base'

const ENDINGS = ['', '.ts', '.js', '.json', '/index.ts', '/index.js']

/**
 * The file an import names: relative to the importing file, or from the root of the branch; the ending may be left out,
 * and `.js` may stand for `.ts` as TypeScript's own rules have it. null when there is none.
 */
export function resolveImport(
  specifier: string,
  from: string,
  exists: (path: string) => boolean,
): string | null {
  const base = specifier.startsWith('.')
    ? join(from.split('/').slice(0, -1), specifier)
    : specifier.replace(/^\//, '')
  if (base === null) return null
  for (const ending of ENDINGS) if (exists(base + ending)) return base + ending
  const typed = base.replace(/\.js$/, '.ts')
  return typed !== base && exists(typed) ? typed : null
}

function join(folder: readonly string[], specifier: string): string | null {
  const parts = [...folder]
  for (const part of specifier.split('/')) {
    if (part === '.' || part === '') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

/** Where a file imports `specifier` (and `name` from it): V8 does not say. */
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

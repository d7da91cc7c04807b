// Which file an import names. The same rules hold outside, where modules are linked, and inside, where `import()` is answered.

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

// `$require` and `$exports`: files in the classic form. Each runs once, in the global scope's sight, as the original did.
import { hostError } from './calls.ts'
import { CLASSIC_MARK, CLASSIC_PREFIX } from './stacks.ts'

// oxlint-disable-next-line no-eval -- the isolate is the author's own; a required file runs in its global scope, as it did in the original
const evaluate = globalThis.eval
const files = new Map<string, string>()
const loaded = new Map<string, { exports: Record<string, unknown>; done: boolean }>()

/** Makes the other files of the branch or release known. */
export function provideFiles(sources: readonly { path: string; code: string }[]): void {
  for (const { path, code } of sources) files.set(path, code)
}

/**
 * The exports of another file, named from the root of the branch, the ending being optional.
 *
 * @throws SERVICE_MODULE_NOT_FOUND, SERVICE_MODULE_CYCLE, or what the file threw.
 */
export function requireFile(name: unknown): Record<string, unknown> {
  const path = find(String(name))
  const known = loaded.get(path)
  if (known?.done) return known.exports
  if (known)
    throw hostError(
      'SERVICE_MODULE_CYCLE',
      `circular dependency detected: ${String(name)}; move what both need into a third file.`,
    )
  const module = { exports: {} as Record<string, unknown>, done: false }
  loaded.set(path, module)
  try {
    run(path, module)
  } catch (error) {
    loaded.delete(path)
    throw error
  }
  module.done = true
  return module.exports
}

function run(path: string, module: { exports: Record<string, unknown> }): void {
  const body = evaluate(`${CLASSIC_PREFIX}${files.get(path)!}\n})\n//# sourceURL=${path}${CLASSIC_MARK}`) as (
    add: (members: object) => void,
    exports: object,
    module: object,
  ) => void
  body((members) => void Object.assign(module.exports, members), module.exports, module)
}

function find(name: string): string {
  const bare = name.replace(/^\.?\//, '')
  for (const path of [bare, `${bare}.js`, `${bare}.ts`, `${bare}/index.js`, `${bare}/index.ts`])
    if (files.has(path)) return path
  throw hostError(
    'SERVICE_MODULE_NOT_FOUND',
    `module not found: ${name}; the files are ${[...files.keys()].join(', ')}.`,
  )
}

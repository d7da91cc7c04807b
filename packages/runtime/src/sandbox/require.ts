// `$require` and `$exports`, and `require` as CommonJS has it: files in the classic form. Each runs once, in the global
// scope's sight, as the original did.
import { hostError } from './calls.ts'
import { insteadOfModule } from './foreign-names.ts'
import { CLASSIC_MARK, classicPrefix } from './stacks.ts'

// oxlint-disable-next-line no-eval -- the isolate is the author's own; a required file runs in its global scope, as it did in the original
const evaluate = globalThis.eval
const files = new Map<string, string>()
let prefix = classicPrefix(null)
let importFrom: ((from: string) => ImportCall) | undefined
const loaded = new Map<string, { exports: unknown; done: boolean }>()

/** What `import()` of one file calls. */
export type ImportCall = (specifier: unknown) => Promise<object>

/** Files call `import()`, by this name; what answers it depends on who asks. */
export function provideImport(name: string, from: (path: string) => ImportCall): void {
  prefix = classicPrefix(name)
  importFrom = from
}

/** Makes the other files of the branch or release known. */
export function provideFiles(sources: readonly { path: string; code: string }[]): void {
  for (const { path, code } of sources) files.set(path, code)
}

/**
 * The exports of another file, named from the root of the branch, the ending being optional.
 *
 * @throws SERVICE_MODULE_NOT_FOUND, SERVICE_MODULE_CYCLE, or what the file threw.
 */
export function requireFile(name: unknown): unknown {
  return load(String(name), find(String(name), ''))
}

/** As {@link requireFile} for a file of `folder`: names that begin with a dot are relative to it. */
function requireFrom(folder: string): (name: unknown) => unknown {
  return (name) => load(String(name), find(String(name), folder))
}

function load(name: string, path: string): unknown {
  const known = loaded.get(path)
  if (known?.done) return known.exports
  if (known)
    throw hostError(
      'SERVICE_MODULE_CYCLE',
      `circular dependency detected: ${name}; move what both need into a third file.`,
    )
  const module = { exports: {} as unknown, done: false }
  loaded.set(path, module)
  try {
    module.exports = path.endsWith('.json') ? JSON.parse(files.get(path)!) : run(path)
  } catch (error) {
    loaded.delete(path)
    throw error
  }
  module.done = true
  return module.exports
}

/** `$exports`, exports, module, require, `import()` (stacks.ts, classicPrefix). */
type Classic = (
  this: unknown,
  ...given: [(members: object) => void, object, object, (name: unknown) => unknown, ImportCall | undefined]
) => void

function run(path: string): unknown {
  const body = evaluate(`${prefix}${files.get(path)!}\n})\n//# sourceURL=${path}${CLASSIC_MARK}`) as Classic
  const module = { exports: {} }
  const folder = path.split('/').slice(0, -1).join('/')
  const add = (members: object) => void Object.assign(module.exports, members)
  body.call(module.exports, add, module.exports, module, requireFrom(folder), importFrom?.(path))
  return module.exports
}

function find(name: string, folder: string): string {
  const bare = name.startsWith('.') ? joined(folder, name) : name.replace(/^\//, '')
  for (const path of [
    bare,
    `${bare}.js`,
    `${bare}.ts`,
    `${bare}.json`,
    `${bare}/index.js`,
    `${bare}/index.ts`,
  ])
    if (files.has(path)) return path
  // From the root, as `$require` of the original has it.
  if (folder !== '' && name.startsWith('.')) return find(name, '')
  throw hostError(
    'SERVICE_MODULE_NOT_FOUND',
    `module not found: ${name}; the files are ${[...files.keys()].join(', ') || 'none besides main'}.${insteadOfModule(name)}`,
  )
}

function joined(folder: string, name: string): string {
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of name.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

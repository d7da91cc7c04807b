// The author's files: an ES module graph, or the classic script of the original. Positions are the author's own.
import type IsolatedVM from 'isolated-vm'
import { runtimeErrors } from '../runtime.errors.ts'
import { insteadOfModule } from '../sandbox/foreign-names.ts'
import type { StrippedFile } from '../tools/tools.contract.ts'
import { ivm } from './ivm.ts'
import { findImport, importedNames, resolveImport } from './resolve-import.ts'

export interface LoadOptions {
  isolate: IsolatedVM.Isolate
  context: IsolatedVM.Context
  files: readonly StrippedFile[]
  entry: string
  timeoutMs: number
  /** The main file is through. Called after `loadMain` has settled when it awaits something outside. */
  onLoaded(): void
}

/** What evaluates after the main module has, top-level await included (its own `evaluate` settles before). */
const ROOT = 'm3m:root'

/** A default export with `fetch` answers what no route does: the form of services for workers (WinterTC). */
const SERVE = `const served = main.default; if (typeof served?.fetch === 'function') router.serve(served);`

/**
 * Compiles and runs the entry. A file without import, export and top-level await runs as a script in the global scope, as
 * all files of the original did.
 *
 * @throws RUN_ENTRY_MISSING, RUN_CODE_INVALID with `position`, or what the main file threw.
 */
export async function loadMain(options: LoadOptions): Promise<void> {
  const { files, entry, isolate, context, timeoutMs, onLoaded } = options
  const main = files.find((file) => file.path === entry)
  if (!main) throw runtimeErrors.RUN_ENTRY_MISSING({ entry })
  if (main.kind !== 'module') {
    const script = await compiled(isolate.compileScript(main.code, { filename: entry }))
    await script.run(context, { timeout: timeoutMs })
    script.release()
    onLoaded()
    return
  }
  const modules = await compileAll(isolate, files, entry)
  const done = new ivm.Callback(onLoaded, { ignored: true })
  await context.global.set('__m3m_loaded', done)
  const root = await isolate.compileModule(
    `import * as main from ${JSON.stringify(entry)}; ${SERVE}__m3m_loaded(); delete globalThis.__m3m_loaded`,
    { filename: ROOT },
  )
  await instantiate(root, options, modules)
  await root.evaluate({ timeout: timeoutMs })
}

async function compileAll(
  isolate: IsolatedVM.Isolate,
  files: readonly StrippedFile[],
  entry: string,
): Promise<Map<string, IsolatedVM.Module>> {
  const modules = new Map<string, IsolatedVM.Module>()
  for (const file of files) {
    const code = moduleCode(file, files, entry)
    if (code === null) continue
    modules.set(file.path, await compiled(isolate.compileModule(code, { filename: file.path })))
  }
  return modules
}

/** A file as a module; null for what can be none. */
function moduleCode(file: StrippedFile, files: readonly StrippedFile[], entry: string): string | null {
  if (file.path.endsWith('.json')) return `export default ${file.code}`
  if (file.kind === 'module') return file.code
  if (file.kind !== 'script') return null
  return file.path === entry ? file.code : classicAsModule(file, files)
}

const CLASSIC = /(?:\bmodule\.exports|\bexports\s*[.[=]|\btypeof\s+(?:exports|module)\b|\$exports\s*\()/

/** A file in the classic form (UMD and CommonJS bundles, `$exports`) as a module: its exports are the default and the names asked for. */
function classicAsModule(file: StrippedFile, files: readonly StrippedFile[]): string {
  if (!CLASSIC.test(file.code)) return file.code
  const names = [...importedNames(files)].filter((name) => name !== 'default')
  const lines = names.map(
    (name, i) => `const e${i} = all?.[${JSON.stringify(name)}]; export { e${i} as ${name} };`,
  )
  return `const all = $require(${JSON.stringify(file.path)}); export default all?.__esModule && 'default' in all ? all.default : all; ${lines.join(' ')}`
}

async function instantiate(
  root: IsolatedVM.Module,
  options: LoadOptions,
  modules: Map<string, IsolatedVM.Module>,
): Promise<void> {
  const pathOf = new Map([...modules].map(([path, module]) => [module, path]))
  try {
    await root.instantiate(options.context, (specifier, referrer) => {
      const from = pathOf.get(referrer)
      const path =
        from === undefined ? specifier : resolveImport(specifier, from, (path) => modules.has(path))
      const module = path === null ? undefined : modules.get(path)
      if (module) return module
      throw invalid(
        `${from} imports "${specifier}", which is not a file of this version.${insteadOfModule(specifier)}`,
        findImport(options.files, from!, specifier),
      )
    })
  } catch (error) {
    throw missingExport(error, options.files) ?? error
  }
}

// "The requested module './b.js' does not provide an export named 'x'" says neither where nor who asked.
function missingExport(error: unknown, files: readonly StrippedFile[]): Error | null {
  const found =
    error instanceof SyntaxError &&
    /requested module '(.+)' does not provide an export named '(.+)'/.exec(error.message)
  if (!found) return null
  const [, specifier, name] = found as unknown as [string, string, string]
  for (const file of files) {
    const position = findImport(files, file.path, specifier, name)
    if (position) return invalid(`"${specifier}" has no export named "${name}".`, position)
  }
  return null
}

async function compiled<T>(compiling: Promise<T>): Promise<T> {
  try {
    return await compiling
  } catch (error) {
    const found = error instanceof SyntaxError ? /^(.*) \[([^\]]+):(\d+):(\d+)\]$/s.exec(error.message) : null
    if (!found) throw error
    throw invalid(found[1]!, { file: found[2]!, line: Number(found[3]), column: Number(found[4]) })
  }
}

function invalid(message: string, position: { file: string; line: number; column: number } | null): Error {
  return runtimeErrors.RUN_CODE_INVALID({ message }, position ? { position } : {})
}

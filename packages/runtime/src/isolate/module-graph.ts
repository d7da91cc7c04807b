// The author's files as modules of one isolate: each compiled once, linked by what they name. Positions are the author's own.
import type IsolatedVM from 'isolated-vm'
import { runtimeErrors } from '../runtime.errors.ts'
import { isClassic } from '../sandbox/classic-files.ts'
import { insteadOfModule } from '../sandbox/foreign-names.ts'
import { LATE_GLOBAL } from '../sandbox/late-imports.contract.ts'
import { resolveImport } from '../sandbox/resolve-import.ts'
import type { StrippedFile } from '../tools/tools.contract.ts'
import { findImport, importedNames } from './find-import.ts'

/** What a file that calls `import()` gets its function from: a module for each, as it has to know who asks. */
const OWN_IMPORT = 'm3m:import'
/** What those and the roots of late imports get theirs from: the prelude's functions. */
const PRELUDE_IMPORTS = 'm3m:imports'

/** What the root of a late import evaluates first. */
const BEGIN = 'm3m:begin'

export interface ModuleGraphOptions {
  isolate: IsolatedVM.Isolate
  context: IsolatedVM.Context
  /** As isolate/import-calls.ts made them. */
  files: readonly StrippedFile[]
  importName: string | null
  entry: string
}

/** Modules stay for as long as their isolate. Used by one entry at a time. */
export class ModuleGraph {
  readonly #options: ModuleGraphOptions
  readonly #modules = new Map<string, Promise<IsolatedVM.Module>>()
  readonly #pathOf = new WeakMap<IsolatedVM.Module, string>()
  readonly #byPath: ReadonlyMap<string, StrippedFile>

  constructor(options: ModuleGraphOptions) {
    this.#options = options
    this.#byPath = new Map(options.files.map((file) => [file.path, file]))
  }

  /** Compiles every file, imported or not: what is wrong in any of them is said at the start. @throws RUN_CODE_INVALID */
  async compileAll(): Promise<void> {
    for (const { path } of this.#options.files) if (this.#isModule(path)) await this.#module(path)
  }

  /**
   * Takes the prelude's functions for `import()` out of the global scope, for modules and for a main file that is a script.
   * Before any code of the author, when a file calls `import()`.
   */
  async bindImports(): Promise<void> {
    const { isolate, context, importName, entry } = this.#options
    const code = `export const { late, begin, arrived } = globalThis.${LATE_GLOBAL}`
    const prelude = this.#compile(PRELUDE_IMPORTS, code)
    this.#modules.set(PRELUDE_IMPORTS, prelude)
    await (await prelude).instantiate(context, () => Promise.reject(new Error('it imports nothing')))
    await (await prelude).evaluate()
    // A binding of all scripts that is no member of the global object.
    const forMain = `const ${importName}=((late)=>(specifier)=>late(${JSON.stringify(entry)},specifier))(${LATE_GLOBAL}.late);`
    const isScript = this.#byPath.get(entry)?.kind === 'script'
    const script = await isolate.compileScript(`${isScript ? forMain : ''}delete globalThis.${LATE_GLOBAL}`, {
      filename: OWN_IMPORT,
    })
    await script.run(context)
    script.release()
  }

  /**
   * Compiles and links a module of the host's own; `extra` gives modules that only it may import.
   *
   * @throws RUN_CODE_INVALID with `position`: of what is compiled now, of an import that is no file, of a name that is no export.
   */
  async link(
    code: string,
    extra: ReadonlyMap<string, IsolatedVM.Module> = new Map(),
  ): Promise<IsolatedVM.Module> {
    const root = await this.#options.isolate.compileModule(code, { filename: 'm3m:root' })
    try {
      await root.instantiate(this.#options.context, (specifier, referrer) =>
        referrer === root && extra.has(specifier)
          ? extra.get(specifier)!
          : this.#imported(specifier, referrer),
      )
    } catch (error) {
      throw missingExport(error, this.#options.files) ?? error
    }
    return root
  }

  /**
   * Links a module that imports `path` and hands its namespace in.
   *
   * @param names exports of a file in the classic form, which has run; null for any other.
   */
  async linkLate(path: string, names: readonly string[] | null): Promise<IsolatedVM.Module> {
    const name = JSON.stringify(path)
    const prelude = JSON.stringify(PRELUDE_IMPORTS)
    const begin = await this.#compile(BEGIN, `import{begin}from ${prelude};begin()`)
    const extra = new Map([[BEGIN, begin]])
    if (names !== null) extra.set(path, await this.#compile(path, facadeOf(path, names)))
    return await this.link(
      `import ${JSON.stringify(BEGIN)};import{arrived}from ${prelude};import*as namespace from ${name};arrived(${name},namespace)`,
      extra,
    )
  }

  /** Adds `path` and the files it imports, directly or not: what is evaluated with it. */
  async reached(path: string, into: Set<string>): Promise<void> {
    if (into.has(path) || !this.#isModule(path)) return
    into.add(path)
    // One that does not compile imports nothing.
    const module = await this.#module(path).catch(() => null)
    for (const specifier of module?.dependencySpecifiers ?? []) {
      const next = resolveImport(specifier, path, (other) => this.#isModule(other))
      if (next !== null) await this.reached(next, into)
    }
  }

  #isModule(path: string): boolean {
    const file = this.#byPath.get(path)
    return file !== undefined && (file.kind !== 'data' || path.endsWith('.json'))
  }

  async #imported(specifier: string, referrer: IsolatedVM.Module): Promise<IsolatedVM.Module> {
    const from = this.#pathOf.get(referrer)
    // The host's own modules name what there is.
    if (from === undefined) return await this.#module(specifier)
    if (specifier === OWN_IMPORT && this.#byPath.get(from)?.imports) return await this.#ownImport(from)
    const path = resolveImport(specifier, from, (path) => this.#isModule(path))
    if (path !== null) return await this.#module(path)
    throw invalid(
      `${from} imports "${specifier}", which is not a file of this version.${insteadOfModule(specifier)}`,
      findImport(this.#options.files, from, specifier),
    )
  }

  #module(path: string): Promise<IsolatedVM.Module> {
    let module = this.#modules.get(path)
    if (!module) {
      module = this.#compile(path, this.#codeOf(path)).then((made) => {
        this.#pathOf.set(made, path)
        return made
      })
      this.#modules.set(path, module)
    }
    return module
  }

  async #compile(filename: string, code: string): Promise<IsolatedVM.Module> {
    return await compiled(this.#options.isolate.compileModule(code, { filename }))
  }

  #codeOf(path: string): string {
    const file = this.#byPath.get(path)!
    const { files, entry, importName } = this.#options
    if (path.endsWith('.json')) return `export default ${file.code}`
    if (path !== entry && isClassic(file)) return facadeOf(path, [...importedNames(files)])
    // At the end, where it moves nothing; imports are bound before the first line all the same.
    return file.imports ? `${file.code}\nimport{${importName}}from ${JSON.stringify(OWN_IMPORT)}` : file.code
  }

  /** A function declaration: it is there also for files that import each other in a circle. */
  async #ownImport(from: string): Promise<IsolatedVM.Module> {
    const { importName } = this.#options
    return await this.#compile(
      `${OWN_IMPORT}:${from}`,
      `import{late}from ${JSON.stringify(PRELUDE_IMPORTS)};export function ${importName}(specifier){return late(${JSON.stringify(from)},specifier)}`,
    )
  }
}

/** A file in the classic form (UMD and CommonJS bundles, `$exports`) as a module: its exports are the default and the names asked for. */
function facadeOf(path: string, names: readonly string[]): string {
  const lines = names
    .filter((name) => name !== 'default')
    .map((name, i) => `const e${i} = all?.[${JSON.stringify(name)}]; export { e${i} as ${name} };`)
  return `const all = $require(${JSON.stringify(path)}); export default all?.__esModule && 'default' in all ? all.default : all; ${lines.join(' ')}`
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

/** @throws RUN_CODE_INVALID with `position` in place of V8's SyntaxError. */
export async function compiled<T>(compiling: Promise<T>): Promise<T> {
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

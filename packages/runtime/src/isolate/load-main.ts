// The main file: an ES module graph, or the classic script of the original.
import { runtimeErrors } from '../runtime.errors.ts'
import { ivm } from './ivm.ts'
import { compiled, ModuleGraph, type ModuleGraphOptions } from './module-graph.ts'

export interface LoadOptions extends ModuleGraphOptions {
  timeoutMs: number
  /** The main file is through. Called after `loadMain` has settled when it awaits something outside. */
  onLoaded(): void
}

/** A default export with `fetch` answers what no route does: the form of services for workers (WinterTC). */
const SERVE = `const served = main.default; if (typeof served?.fetch === 'function') router.serve(served);`

/**
 * Compiles and runs the entry. A file without import, export and top-level await runs as a script in the global scope, as
 * all files of the original did.
 *
 * @param onGraph told before the first line of the author: by it `import()` is answered.
 * @throws RUN_ENTRY_MISSING, RUN_CODE_INVALID with `position`, or what the main file threw.
 */
export async function loadMain(
  options: LoadOptions,
  onGraph: (graph: ModuleGraph) => void = () => {},
): Promise<void> {
  const { files, entry, isolate, context, timeoutMs, onLoaded } = options
  const main = files.find((file) => file.path === entry)
  if (!main) throw runtimeErrors.RUN_ENTRY_MISSING({ entry })
  const graph = new ModuleGraph(options)
  if (options.importName !== null) {
    await graph.bindImports()
    onGraph(graph)
  }
  if (main.kind !== 'module') {
    const script = await compiled(isolate.compileScript(main.code, { filename: entry }))
    await script.run(context, { timeout: timeoutMs })
    script.release()
    onLoaded()
    return
  }
  await graph.compileAll()
  const done = new ivm.Callback(onLoaded, { ignored: true })
  await context.global.set('__m3m_loaded', done)
  // Evaluates after the main module has, top-level await included (its own `evaluate` settles before).
  const root = await graph.link(
    `import * as main from ${JSON.stringify(entry)}; ${SERVE}__m3m_loaded(); delete globalThis.__m3m_loaded`,
  )
  await root.evaluate({ timeout: timeoutMs })
}

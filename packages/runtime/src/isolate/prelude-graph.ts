// Which files of the sandbox make up the core, and which go into which unit.
import { relative, resolve } from 'node:path'
import { build, type Metafile } from 'esbuild'

const src = resolve(import.meta.dirname, '..')

/** Files as paths relative to `packages/runtime/src`. */
export interface PreludeGraph {
  /** Files that every service needs. */
  readonly core: ReadonlySet<string>
  /** Files a unit begins with: entries, and what more than one unit imports. */
  readonly roots: ReadonlySet<string>
  /** Names each file exports. */
  readonly exports: ReadonlyMap<string, readonly string[]>
}

/**
 * Reads the imports below `coreEntry` and `entries`. A file that two units import is a unit itself, so that there is one
 * of it in an isolate; every other file belongs to the one unit it is reached from.
 */
export async function preludeGraph(coreEntry: string, entries: readonly string[]): Promise<PreludeGraph> {
  const { inputs } = await analysed([coreEntry, ...entries], true)
  const imports = new Map<string, string[]>()
  for (const [file, { imports: found }] of Object.entries(inputs))
    imports.set(
      local(file),
      found.map(({ path }) => local(path)),
    )
  const core = reached(coreEntry, imports, new Set())
  const roots = rootsOf(entries, imports, core)
  const { outputs } = await analysed([...imports.keys()], false)
  const exports = new Map<string, readonly string[]>()
  for (const output of Object.values(outputs))
    if (output.entryPoint !== undefined) exports.set(local(output.entryPoint), output.exports)
  return { core, roots, exports }
}

async function analysed(entries: readonly string[], bundle: boolean): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: entries.map((file) => resolve(src, file)),
    absWorkingDir: src,
    bundle,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: src,
    logLevel: 'warning',
  })
  return metafile
}

function local(path: string): string {
  return relative(src, resolve(src, path))
}

type Imports = ReadonlyMap<string, readonly string[]>

/** Everything below `from`, itself included, without what lies below `stops`. */
function reached(from: string, imports: Imports, stops: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file) || (file !== from && stops.has(file))) return
    found.add(file)
    for (const next of imports.get(file) ?? []) visit(next)
  }
  visit(from)
  return found
}

function rootsOf(entries: readonly string[], imports: Imports, core: ReadonlySet<string>): Set<string> {
  const roots = new Set(entries)
  for (;;) {
    const stops = new Set([...core, ...roots])
    const owners = new Map<string, number>()
    for (const root of roots)
      for (const file of reached(root, imports, stops)) owners.set(file, (owners.get(file) ?? 0) + 1)
    // The first files two units have in common; what lies below them follows in the next round if need be.
    const common = [...owners].filter(([, count]) => count > 1).map(([file]) => file)
    const tops = common.filter((file) => !common.some((other) => imports.get(other)!.includes(file)))
    if (tops.length === 0) {
      if (common.length > 0) throw new Error(`these files import each other: ${common.join(', ')}`)
      return roots
    }
    for (const file of tops) roots.add(file)
  }
}

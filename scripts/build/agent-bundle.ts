// The agent's processes in a few files: loading 1,400 modules costs a start more than everything else (docs/adr/0013).
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Files that processes start with, relative to the repository, by their names in the bundle. */
export type Entries = Readonly<Record<string, string>>

/** What is started by itself. An address of one of them leads to its bundle. */
export const PROCESSES: Entries = {
  agent: 'apps/agent/src/agent.ts',
  'compose-runner': 'apps/agent/src/compose-runner.ts',
  datastore: 'packages/datastore/src/process/main.ts',
  'datastore-reader': 'packages/datastore/src/worker/main.ts',
  'plugin-probe': 'packages/runtime/src/plugins/probe-process.ts',
  'tool-process': 'packages/runtime/src/tools/tool-process.ts',
  'zip-process': 'packages/runtime/src/tools/zip-process.ts',
}

/** What plugins import: it has to be of one piece with the runner that loads them. */
const DOORS: Entries = { plugin: 'packages/runtime/src/plugin.ts' }

/** Machine code of their own, or loaded by a helper that is told where they are. */
const EXTERNAL = ['isolated-vm', '@node-rs/argon2', 'sharp', '@napi-rs/canvas', 'esbuild', 'typescript']

/** Packages written as CommonJS ask for Node's modules by `require`. */
const BANNER = `import { createRequire as __bundleRequire } from 'node:module'; const require = __bundleRequire(import.meta.url);`

/** Says to a resolver of ours that it is the one who asks. */
const FINDING = Symbol('finding')

/**
 * Makes `outdir` anew from the sources of the repository `root`.
 *
 * @param processes {@link PROCESSES}, and further ones (those that tests start)
 */
export async function bundleAgent(
  root: string,
  outdir: string,
  processes: Entries = PROCESSES,
): Promise<void> {
  rmSync(outdir, { recursive: true, force: true })
  // What is saved while we build is newer than what we made.
  const startedAt = new Date()
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries([
      ...Object.entries(processes).map(([name, path]) => [`${name}.main`, path]),
      ...Object.entries(DOORS),
    ]),
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: `node${process.versions.node.split('.')[0]}`,
    sourcemap: 'linked',
    sourcesContent: false,
    // A third of what is read and decoded at every start. Names stay, and lines short enough to be shown by an error.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 400,
    external: EXTERNAL,
    banner: { js: BANNER },
    logLevel: 'warning',
    plugins: [modulesOfNode(), packagesLoadedLater(outdir), addressesOfSources(root, outdir, processes)],
  })
  for (const name of Object.keys(processes))
    writeFileSync(join(outdir, `${name}.js`), entryOf(root, outdir, name))
  utimesSync(join(outdir, 'agent.js'), startedAt, startedAt)
}

/**
 * Processes whose errors speak of the bundle: source maps take 6 MB of an idle datastore (74.5 MB resident instead of 68.4), and the
 * only stacks it ever writes are of bugs, in a bundle that keeps the names of functions.
 */
const WITHOUT_SOURCE_MAPS: ReadonlySet<string> = new Set(['datastore', 'datastore-reader'])

/** Errors speak of the sources, and compiled code is kept, before the first part is loaded. */
function entryOf(root: string, outdir: string, name: string): string {
  const cache = relative(outdir, join(root, 'node_modules/.cache/m3m'))
  const sourceMaps = WITHOUT_SOURCE_MAPS.has(name) ? '' : 'process.setSourceMapsEnabled(true)\n'
  return `import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
${sourceMaps}enableCompileCache(fileURLToPath(new URL(${JSON.stringify(cache)}, import.meta.url)))
await import('./${name}.main.js')
flushCompileCache()
`
}

/**
 * `import … from 'node:http'` reads every name of that module, and some of them (`WebSocket`, `CloseEvent`) load all of undici:
 * 60 ms of CPU time in each process. So the bundle takes the names that are used, and no others, from the module itself.
 */
function modulesOfNode(): Plugin {
  const namespace = 'module-of-node'
  return {
    name: namespace,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[a-z]/ }, ({ kind, path }) =>
        kind === 'import-statement' && isBuiltin(path)
          ? { path: path.startsWith('node:') ? path : `node:${path}`, namespace, sideEffects: false }
          : undefined,
      )
      onLoad({ filter: /^/, namespace }, ({ path }) => ({ contents: namesOf(path), loader: 'js' }))
    },
  }
}

/** A module with a binding for each name; those that nobody imports are left out by esbuild, since their reading is marked as pure. */
function namesOf(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path)!).filter(
    (name) => name !== 'default' && /^[A-Za-z_$][\w$]*$/.test(name),
  )
  const bindings = names.map((name, n) => `const name${n} = /* @__PURE__ */ (() => node.${name})()`)
  const exported = names.map((name, n) => `name${n} as ${name}`)
  return `const node = process.getBuiltinModule(${JSON.stringify(path)})
${bindings.join('\n')}
export { node as default, ${exported.join(', ')} }
`
}

/**
 * What is loaded at its first use costs a start nothing, and stays where it is installed; one in CommonJS would lose its
 * names in a bundle.
 */
function packagesLoadedLater(outdir: string): Plugin {
  return {
    name: 'packages-loaded-later',
    setup({ onResolve, resolve: find }) {
      onResolve({ filter: /^[^.]/ }, async ({ kind, path, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || path.startsWith('@m3m/') || pluginData === FINDING) return undefined
        const found = await find(path, { kind, resolveDir, pluginData: FINDING })
        if (found.external || found.errors.length > 0) return found
        return { path: `./${relative(outdir, found.path)}`, external: true }
      })
    },
  }
}

/**
 * In a bundle `import.meta` is that of the bundle. What a source finds beside itself it shall find in its own place; but
 * the address of a process of ours becomes that of its bundle.
 */
function addressesOfSources(root: string, outdir: string, processes: Entries): Plugin {
  const bundles = new Map(
    Object.entries({ ...processes, ...DOORS }).map(([name, path]) => [
      join(root, path),
      join(outdir, `${name}.js`),
    ]),
  )
  return {
    name: 'addresses-of-sources',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path.includes('/node_modules/')) return undefined
        const source = readFileSync(path, 'utf8')
        if (!source.includes('import.meta.')) return undefined
        const contents = replaceAddresses(source, (other) => {
          const bundle = bundles.get(resolve(dirname(path), other))
          return bundle ? urlOf(outdir, bundle) : null
        })
          // Marked, so that an address that was just written is not taken for one of the source.
          .replace(/(?<!@)import\.meta\.url/g, `${urlOf(outdir, path)}.href`)
          .replace(/import\.meta\.dirname/g, pathOf(outdir, dirname(path)))
          .replace(/import\.meta\.filename/g, pathOf(outdir, path))
          .replaceAll('@import.meta.url', 'import.meta.url')
        return { contents, loader: 'ts' }
      })
    },
  }
}

/** `source` with another expression for each address of a TypeScript file relative to it; null leaves it as it is. */
export function replaceAddresses(source: string, expressionOf: (path: string) => string | null): string {
  return source.replace(
    /new URL\('([^']+\.ts)', import\.meta\.url\)/g,
    (whole, path: string) => expressionOf(path) ?? whole,
  )
}

function urlOf(outdir: string, path: string): string {
  return `new URL(${JSON.stringify(relative(outdir, path))}, @import.meta.url)`
}

function pathOf(outdir: string, path: string): string {
  return `process.getBuiltinModule('node:url').fileURLToPath(${urlOf(outdir, path)})`
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..')
  await bundleAgent(root, join(root, 'apps/agent/dist'))
}

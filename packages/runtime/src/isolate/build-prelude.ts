// Makes packages/runtime/dist/prelude.json of everything that runs inside an isolate: sandbox/ and the rooms'
// *.sandbox.ts. `npm run build` runs this file; tests call buildPrelude().
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { rooms } from '../modules/rooms.ts'
import { INTRINSICS } from '../sandbox/intrinsics.ts'
import { webGlobals } from '../sandbox/web/globals.ts'
import { preludeGraph, type PreludeGraph } from './prelude-graph.ts'
import { PRELUDE_PATH, type Prelude, type PreludeUnit } from './prelude.ts'

const src = resolve(import.meta.dirname, '..')
const CORE = 'sandbox/install.ts'
/** Units that no global leads to: the core asks for them. */
const ASKED_FOR = ['sandbox/late-imports.ts']
const roomFile = (name: string): string => `modules/${name}/${name}.sandbox.ts`

const output = {
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'neutral',
  target: 'es2024',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions

/** Makes the bundle anew and writes it to {@link PRELUDE_PATH}. */
export async function buildPrelude(): Promise<void> {
  const prelude = await bundlePrelude()
  mkdirSync(dirname(PRELUDE_PATH), { recursive: true })
  writeFileSync(PRELUDE_PATH, JSON.stringify(prelude))
}

/** The bundle. Takes about 150 ms. `extra`: a further room for tests, its sandbox half as source text. */
export async function bundlePrelude(extra?: { name: string; room: string }): Promise<Prelude> {
  const entries = [...rooms.map(({ name }) => roomFile(name)), ...Object.keys(webGlobals), ...ASKED_FOR]
  const graph = await preludeGraph(CORE, entries)
  const texts = await unitTexts(graph)
  if (extra) texts.set(roomFile(extra.name), `((core,need,out)=>{out.room=${extra.room}})`)
  const globals = globalsByUnit(extra?.name)
  const units: Record<string, PreludeUnit> = {}
  let text = ''
  for (const [name, code] of texts) {
    units[name] = {
      from: text.length,
      to: text.length + code.length,
      needs: [...new Set(Array.from(code.matchAll(/need\("([^"]+)"/g), ([, needed]) => needed!))],
      globals: globals.get(name) ?? [],
    }
    text += code
  }
  const core = await coreText([...texts.values()], units, extra?.name)
  const wide = /[^\u0000-\u00ff]/.exec(text)
  if (wide) throw new Error(`the prelude has "${wide[0]}" (a regular expression?); write it as an escape`)
  return { core, text, units }
}

/** Global names that lead to a unit. */
function globalsByUnit(extra: string | undefined): Map<string, string[]> {
  const globals = new Map(Object.entries(webGlobals).map(([unit, names]) => [unit, [...names]]))
  for (const { name, aliases = [], twin = true, globals: further = [] } of rooms) {
    const names = [name, ...aliases]
    globals.set(roomFile(name), [...names, ...(twin ? names.map((each) => `$${each}`) : []), ...further])
  }
  if (extra !== undefined) globals.set(roomFile(extra), [extra, `$${extra}`])
  return globals
}

/** Each unit as the expression of a function (sandbox/units.ts, `Unit`). */
async function unitTexts(graph: PreludeGraph): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    ...output,
    entryPoints: [...graph.roots].map((file) => `unit:${file}`),
    entryNames: '[dir]/[name]',
    outdir: src,
    plugins: [separateUnits(graph)],
  })
  const texts = new Map<string, string>()
  for (const [i, file] of [...graph.roots].entries()) {
    const { text } = outputFiles[i]!
    const taken = taking(text, 'intrinsics')
    texts.set(file, `(function(core,need,out,intrinsics){"use strict";${taken}${text.trimEnd()}})`)
  }
  return texts
}

/** Gives the intrinsics that a bundle names names of its own: what the author puts in their place later does not count. */
function taking(text: string, from: string): string {
  const used = INTRINSICS.filter((name) => new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(text))
  return used.length > 0 ? `const{${used.join(',')}}=${from};` : ''
}

/** Imports of what lies in the core or in another unit become reads of what the isolate has of it. */
function separateUnits({ core, roots, exports }: PreludeGraph): Plugin {
  const read = (kind: 'core' | 'need', file: string): string =>
    exports
      .get(file)!
      .map((name) => `export const ${name} = /* @__PURE__ */ ${kind}(${JSON.stringify(file)}, "${name}")`)
      .join('\n')
  return {
    name: 'separate-units',
    setup(build) {
      build.onResolve({ filter: /^unit:/ }, ({ path }) => ({ namespace: 'unit', path: path.slice(5) }))
      build.onLoad({ filter: /.*/, namespace: 'unit' }, ({ path }) => {
        const names = exports.get(path)!
        const sets = names.map((name) => `out.${name} = ${name}`).join('\n')
        return { contents: `import { ${names.join(', ')} } from './${path}'\n${sets}`, resolveDir: src }
      })
      build.onResolve({ filter: /^\./ }, ({ path, resolveDir, namespace }) => {
        const file = relative(src, join(resolveDir, path))
        if (core.has(file)) return { namespace: 'core', path: file }
        if (namespace !== 'unit' && roots.has(file)) return { namespace: 'need', path: file }
        return undefined
      })
      build.onLoad({ filter: /.*/, namespace: 'core' }, ({ path }) => ({ contents: read('core', path) }))
      build.onLoad({ filter: /.*/, namespace: 'need' }, ({ path }) => ({ contents: read('need', path) }))
    },
  }
}

/** The script that comes first, with the exports of it that units read. */
async function coreText(
  texts: readonly string[],
  units: Readonly<Record<string, PreludeUnit>>,
  extra: string | undefined,
): Promise<string> {
  const reads = new Set(
    texts.flatMap((text) =>
      Array.from(text.matchAll(/core\("([^"]+)","(\w+)"\)/g), ([, file, name]) => `${file} ${name}`),
    ),
  )
  const imports = [...reads].map((read, i) => {
    const [file, name] = read.split(' ')
    return `import { ${name} as c${i} } from './${file}'`
  })
  const all = [...rooms, ...(extra === undefined ? [] : [{ name: extra }])].map(
    ({ name, aliases = [], twin = true, globals = [] }: (typeof rooms)[number]) => ({
      name,
      aliases,
      twin,
      globals,
      unit: roomFile(name),
    }),
  )
  const places = Object.entries(units).map(([name, { from, to }]) => [name, [from, to]])
  const contents = [
    `import { install } from './${CORE}'`,
    ...imports,
    `const core = { __proto__: null, ${[...reads].map((read, i) => `${JSON.stringify(read)}: c${i}`).join(', ')} }`,
    `const places = { __proto__: null, ...${JSON.stringify(Object.fromEntries(places))} }`,
    `const web = { __proto__: null, ...${JSON.stringify(webGlobals)} }`,
    `export const start = (host, known) => install({ rooms: ${JSON.stringify(all)}, web, core, places, known }, host)`,
  ].join('\n')
  const { outputFiles } = await build({
    ...output,
    stdin: { contents, resolveDir: src, sourcefile: 'prelude-entry.ts', loader: 'ts' },
    globalName: '__m3m_prelude',
  })
  const text = outputFiles[0]!.text
  // Strict, as the units are: `getFunction()` of a stack's frames gives functions of sloppy code away.
  return `"use strict";${taking(text, 'globalThis')}${text}`
}

if (import.meta.main) await buildPrelude()

// Bundles everything that runs inside an isolate (sandbox/ and the rooms' *.sandbox.ts) into one classic script,
// packages/runtime/dist/prelude.js. `npm run build` runs this file; tests call buildPrelude().
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { rooms } from '../modules/rooms.ts'
import { PRELUDE_PATH } from './prelude-path.ts'

const src = resolve(import.meta.dirname, '..')

/** Makes the bundle anew and writes it to {@link PRELUDE_PATH}. */
export async function buildPrelude(): Promise<void> {
  const text = await bundlePrelude()
  mkdirSync(join(PRELUDE_PATH, '..'), { recursive: true })
  writeFileSync(PRELUDE_PATH, text)
}

/** The bundle's text. Takes about 50 ms. `extra`: source text of further entries of the list of rooms (tests). */
export async function bundlePrelude(extra = ''): Promise<string> {
  const result = await build({
    stdin: { contents: entry(extra), resolveDir: src, sourcefile: 'prelude-entry.ts', loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: '__m3m_prelude',
    platform: 'neutral',
    target: 'es2024',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  return result.outputFiles[0]!.text
}

function entry(extra: string): string {
  const imports = rooms.map(
    ({ name }, i) => `import { room as r${i} } from './modules/${name}/${name}.sandbox.ts'`,
  )
  const list = rooms.map(
    ({ name, aliases = [], twin = true }, i) =>
      `{ name: ${JSON.stringify(name)}, aliases: ${JSON.stringify(aliases)}, twin: ${twin}, room: r${i} }`,
  )
  return [
    `import { install } from './sandbox/install.ts'`,
    ...imports,
    `export const start = (host) => install([${[...list, extra].join(', ')}], host)`,
  ].join('\n')
}

if (import.meta.main) await buildPrelude()

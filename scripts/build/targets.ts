import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { BUNDLE_SOURCES } from '../../apps/agent/src/bundle.ts'

export const root = resolve(import.meta.dirname, '../..')

/** Something the product needs at run time that is made from sources. */
export interface BuildTarget {
  readonly name: string
  /** Files and folders the output depends on. */
  readonly inputs: readonly string[]
  /** Kept beside the output; an output without a stamp is made again. */
  readonly stamp: string
  build(): void
}

const desktop = join(root, 'apps/desktop')
const lock = join(root, 'package-lock.json')
const schemas = ['packages/base/src', 'packages/core/src', 'packages/data/src'].map((path) =>
  join(root, path),
)

/** In the order in which they are made. */
export const targets: readonly BuildTarget[] = [
  {
    name: 'prelude',
    inputs: [join(root, 'packages/runtime/src'), lock],
    stamp: join(root, 'packages/runtime/dist/.stamp'),
    build: () => run([join(root, 'packages/runtime/src/isolate/build-prelude.ts')], root),
  },
  {
    name: 'agent',
    inputs: [...BUNDLE_SOURCES.map((path) => join(root, path)), import.meta.dirname, lock],
    stamp: join(root, 'apps/agent/dist/.stamp'),
    build: () => run([join(import.meta.dirname, 'agent-bundle.ts')], root),
  },
  {
    name: 'icons',
    inputs: [join(desktop, 'src/renderer/public/icon.svg'), join(desktop, 'scripts/icons.ts'), lock],
    stamp: join(desktop, 'packaging/.stamp'),
    build: () => run([join(desktop, 'scripts/icons.ts')], root),
  },
  {
    name: 'web',
    inputs: [
      join(desktop, 'src/renderer'),
      join(desktop, 'src/shared'),
      join(desktop, 'vite.shared.ts'),
      join(desktop, 'vite.web.config.ts'),
      ...schemas,
      lock,
    ],
    stamp: join(desktop, 'dist-web/.stamp'),
    build: () =>
      run(
        [bin('vite/bin/vite.js'), 'build', '--config', 'vite.web.config.ts', '--logLevel', 'error'],
        desktop,
      ),
  },
  {
    name: 'desktop',
    inputs: [
      join(desktop, 'src'),
      join(desktop, 'vite.shared.ts'),
      join(desktop, 'electron.vite.config.ts'),
      ...schemas,
      lock,
    ],
    stamp: join(desktop, 'out/.stamp'),
    // Main and preload only: the pages are the target above, so a missing renderer is no mistake.
    build: () =>
      run(
        [bin('electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'error', '--ignoreConfigWarning'],
        desktop,
      ),
  },
]

function bin(path: string): string {
  return join(root, 'node_modules', path)
}

function run(argv: string[], cwd: string): void {
  const result = spawnSync(process.execPath, argv, { cwd, stdio: 'inherit' })
  if (result.status !== 0) throw new Error(`${argv.join(' ')} ended with ${result.status ?? result.signal}`)
}

// The processes that tests start: in bundles, as a built agent's are. From sources a runner takes 1.4 s of CPU time
// until it is ready instead of 0.7 (docs/adr/0013), and a run starts hundreds of processes.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'vitest/config'
import { bundleAgent, type Entries, PROCESSES, replaceAddresses } from '../build/agent-bundle.ts'

const root = resolve(import.meta.dirname, '../..')

/** Tells the test processes of the folder of bundles, as an address with a slash at its end. */
const VARIABLE = 'M3M_TEST_PROCESSES'

const ENTRIES: Entries = {
  ...PROCESSES,
  'hostile-runner': 'packages/runtime/src/testing/hostile-runner.ts',
  'runner-entry': 'packages/runtime/src/testing/runner-entry.ts',
}

/** Below node_modules, where the bundles find the packages that stay outside of them. */
const FOLDER = join(root, 'node_modules/.cache/m3m-test-processes')
/** Bundles of earlier sources are kept for so long: another run may be at work with them. */
const KEPT_MS = 24 * 60 * 60_000

/**
 * Bundles the sources as they are now. The folder is named after its content, so that code that was compiled by an earlier
 * run counts, and a run beside this one, with other sources, has a folder of its own.
 */
export async function bundleTestProcesses(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const made = mkdtempSync(join(FOLDER, 'new-'))
  await bundleAgent(root, made, ENTRIES)
  const named = join(FOLDER, contentOf(made))
  if (existsSync(named)) {
    rmSync(made, { recursive: true })
    utimesSync(named, new Date(), new Date())
  } else renameSync(made, named)
  process.env[VARIABLE] = `${pathToFileURL(named).href}/`
  for (const name of readdirSync(FOLDER)) {
    const path = join(FOLDER, name)
    if (path !== named && isOld(path)) rmSync(path, { recursive: true, force: true })
  }
}

/** In what vitest runs from sources, the address of a process becomes that of its bundle. */
export function addressesOfBundles(): Plugin {
  const names = new Map(Object.entries(ENTRIES).map(([name, path]) => [join(root, path), name]))
  return {
    name: 'addresses-of-bundles',
    enforce: 'pre',
    transform(source, id) {
      if (!source.includes('import.meta.url')) return undefined
      const code = replaceAddresses(source, (path) => {
        const name = names.get(resolve(dirname(id), path))
        return name === undefined ? null : `new URL('${name}.js', process.env.${VARIABLE})`
      })
      // On the same lines, further right at most.
      return code === source ? undefined : { code, map: null }
    },
  }
}

function contentOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).toSorted())
    hash.update(name).update(readFileSync(join(folder, name)))
  return hash.digest('hex').slice(0, 16)
}

function isOld(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.mtimeMs < Date.now() - KEPT_MS
}

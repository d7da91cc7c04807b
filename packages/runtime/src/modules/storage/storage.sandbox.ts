import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { promisedAll } from '../../sandbox/lanes.ts'
import { parseDuration } from '../../sandbox/duration.ts'
import { DEFAULT_LINK_MS, PLAIN_CALLS, type Entry } from './storage.contract.ts'

export const room: SandboxRoom = (lane, kernel) => ({
  ...createFolder(lane, kernel, ''),
  tmp: createFolder(lane, kernel, 'tmp/'),
})

/** The functions for paths below `prefix`. */
function createFolder(lane: Lane, kernel: Kernel, prefix: string) {
  const at = (path: unknown): unknown =>
    prefix === '' ? path : `${prefix}${path === undefined || path === null ? '' : String(path)}`
  const plain = (name: (typeof PLAIN_CALLS)[number]) => {
    // Of functions with two paths both are below the prefix; of `zip` the first is a list of them.
    const hasTwoPaths = ['copy', 'move', 'rename', 'zip', 'unzip'].includes(name)
    // The original wrote an empty file where nothing was given.
    const isEmptyText = lane.kind === 'dollar' && (name === 'write' || name === 'append')
    return (first: unknown, second?: unknown) =>
      lane.call(`storage.${name}`, [
        Array.isArray(first) ? first.map(at) : at(first),
        hasTwoPaths ? at(second) : isEmptyText ? (second ?? '') : second,
      ])
  }
  const calls = Object.fromEntries(PLAIN_CALLS.map((name) => [name, plain(name)]))
  const asking = {
    ...calls,
    readJson: (path: unknown) =>
      lane.map(lane.call<string>('storage.read', [at(path)]), (text) => parsed(kernel, path, text)),
    writeJson: (path: unknown, value: unknown, indent: unknown = 2) =>
      lane.call('storage.write', [at(path), JSON.stringify(value, null, indent as number) ?? 'null']),
    stat: (path: unknown) =>
      lane.map(lane.call<Entry>('storage.stat', [at(path)]), (entry) =>
        lane.kind === 'bare'
          ? entry
          : { ...shown(lane, entry), url: entry.isDir ? '' : lane.call('storage.getUrl', [at(path)]) },
      ),
    walk: (path?: unknown) =>
      lane.map(lane.call<Entry[]>('storage.walk', [at(path)]), (entries) =>
        entries.map((entry) => shown(lane, entry)),
      ),
    url: (path: unknown, options?: { expires?: unknown }) =>
      lane.call('storage.url', [at(path), expiryOf(kernel, options?.expires)]),
    getUrl: (path: unknown) => lane.call('storage.getUrl', [at(path)]),
  }
  return { ...promisedAll(lane, asking), getPath: (path: unknown): string => normal(at(path)) }
}

/** Milliseconds; null for a link that does not end. */
function expiryOf(kernel: Kernel, expires: unknown): number | null {
  if (expires === undefined) return DEFAULT_LINK_MS
  if (expires === 'never' || expires === Infinity) return null
  const ms = expires instanceof Date ? expires.getTime() - Date.now() : parseDuration(expires)
  if (ms !== null && ms > 0) return ms
  throw kernel.error(
    'STORAGE_EXPIRY_INVALID',
    `A link cannot end at "${String(expires)}"; use milliseconds, a text such as '1h', a Date to come, or 'never'.`,
  )
}

function parsed(kernel: Kernel, path: unknown, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw kernel.error('STORAGE_JSON_INVALID', `"${String(path)}" holds no valid JSON: ${reason}.`)
  }
}

/** In the `$` spelling times are Unix seconds, as the original gave them. */
function shown(lane: Lane, entry: Entry): object {
  return lane.kind === 'dollar'
    ? { ...entry, updatedAt: Math.floor(entry.updatedAt.getTime() / 1000) }
    : entry
}

/** The path as every other function takes it. The original gave away where it lies on the server. */
function normal(path: unknown): string {
  const names: string[] = []
  for (const name of String(path ?? '').split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return `/${names.join('/')}`
}

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf } from '@m3m/base'
import type { HostContext, HostModule } from '../../module/define-module.ts'
import { MAX_ENTRIES, MAX_KEPT_BYTES, type KeptEntry } from './cache.contract.ts'

/** Changes are written together; so much is lost when the runner is killed. */
const WRITE_MS = 500

/**
 * Keeps what the service asked to keep in `{project}/cache.json`, beside the storage and out of its sight. The cache
 * itself lives in the isolate: reading it must not wait.
 */
export function createCacheHost({ storagePath, clock, logger }: HostContext): HostModule {
  const file = join(dirname(storagePath), 'cache.json')
  const kept = new Map<string, KeptEntry>()
  let bytes = 0
  let stopWaiting: (() => void) | undefined
  let writing: Promise<void> = Promise.resolve()

  const forget = (key: string): void => {
    const there = kept.get(key)
    if (!there) return
    bytes -= there[0].length + there[1].length
    kept.delete(key)
  }
  const write = async (): Promise<void> => {
    stopWaiting = undefined
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      await writeFile(`${file}.part`, JSON.stringify([...kept.values()]), { mode: 0o600 })
      await rename(`${file}.part`, file)
    } catch (error) {
      await rm(`${file}.part`, { force: true })
      logger.warn('the cache of a project was not kept', { error: messageOf(error) })
    }
  }
  const changed = (): void => {
    stopWaiting ??= clock.after(WRITE_MS, () => void (writing = writing.then(write)))
  }
  return {
    calls: {
      keep([key, json, endsAtMs]) {
        if (typeof key !== 'string' || typeof json !== 'string') return
        forget(key)
        const size = key.length + json.length
        for (const oldest of kept.keys()) {
          if (bytes + size <= MAX_KEPT_BYTES && kept.size < MAX_ENTRIES) break
          forget(oldest)
        }
        if (size > MAX_KEPT_BYTES) return
        kept.set(key, [key, json, typeof endsAtMs === 'number' ? endsAtMs : null])
        bytes += size
        changed()
      },
      forget([key]) {
        if (typeof key === 'string') forget(key)
        else kept.clear()
        changed()
      },
    },
    async bootData() {
      for (const entry of await read(file)) {
        if (entry[2] !== null && entry[2] <= clock.now()) continue
        kept.set(entry[0], entry)
        bytes += entry[0].length + entry[1].length
      }
      return [...kept.values()]
    },
    async [Symbol.asyncDispose]() {
      stopWaiting?.()
      if (stopWaiting) writing = writing.then(write)
      await writing
    },
  }
}

async function read(file: string): Promise<KeptEntry[]> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    return Array.isArray(value) ? value.filter(isEntry) : []
  } catch {
    // Absent or damaged: a cache may always be empty.
    return []
  }
}

function isEntry(value: unknown): value is KeptEntry {
  if (!Array.isArray(value)) return false
  const [key, json, endsAtMs] = value as unknown[]
  return (
    typeof key === 'string' && typeof json === 'string' && (endsAtMs === null || typeof endsAtMs === 'number')
  )
}

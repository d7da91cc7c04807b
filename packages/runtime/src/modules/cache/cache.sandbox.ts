import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { promised } from '../../sandbox/lanes.ts'
import { structuredClone } from '../../sandbox/web/clone.ts'
import { DOMException } from '../../sandbox/web/dom-exception.ts'
import { cacheTexts, MAX_BYTES, MAX_ENTRIES, type KeptEntry } from './cache.contract.ts'

interface Entry {
  value: unknown
  endsAtMs: number
  bytes: number
  persist: boolean
}

// Both spellings share one cache. A Map keeps its order: the first entry is the one used longest ago.
const entries = new Map<string, Entry>()
const pending = new Map<string, Promise<unknown>>()
let bytes = 0
let opened = false

export const room: SandboxRoom = (lane, kernel) => {
  if (!opened) open(kernel)
  opened = true
  const members = createMembers(kernel)
  return { ...members, remember: createRemember(lane, kernel, members) }
}

function open(kernel: Kernel): void {
  for (const [key, json, endsAtMs] of (kernel.bootData('cache') as KeptEntry[] | undefined) ?? []) {
    store(key, {
      value: JSON.parse(json) as unknown,
      endsAtMs: endsAtMs ?? Infinity,
      bytes: json.length,
      persist: true,
    })
  }
}

type Members = ReturnType<typeof createMembers>

function createMembers(kernel: Kernel) {
  return {
    get: (key: unknown, fallback: unknown = null): unknown => {
      const entry = use(String(key))
      return entry ? copy(entry.value) : fallback
    },
    has: (key: unknown): boolean => live(String(key)) !== undefined,
    set: (key: unknown, value: unknown, options?: unknown): true =>
      put(kernel, String(key), copyIn(kernel, String(key), value), options),
    delete: (key: unknown): boolean => {
      const there = live(String(key)) !== undefined
      remove(kernel, String(key))
      return there
    },
    increment: (key: unknown, by: unknown = 1, options?: unknown): number => {
      const entry = use(String(key))
      const next = Number(entry ? entry.value : 0) + Number(by)
      if ((entry && typeof entry.value !== 'number') || Number.isNaN(next)) {
        throw kernel.error('CACHE_NOT_A_NUMBER', cacheTexts.CACHE_NOT_A_NUMBER({ key: String(key) }))
      }
      // A counter keeps the end it has: it counts within its time.
      if (entry && options === undefined) {
        entry.value = next
        if (entry.persist) keep(kernel, String(key), entry)
      } else put(kernel, String(key), next, options)
      return next
    },
    keys: (): string[] => Array.from(entries.keys()).filter((key) => live(key) !== undefined),
    clear: (): void => {
      entries.clear()
      bytes = 0
      kernel.tell('cache.forget', [])
    },
  }
}

/** The value, or what `fn` makes of it now; a value being made is made once, however many ask. */
function createRemember(lane: Lane, kernel: Kernel, { get, set }: Members) {
  return promised(lane, (key: unknown, ttl: unknown, fn: unknown) => {
    const name = String(key)
    const there = live(name)
    if (typeof fn !== 'function') throw option(kernel, 'fn', 'a function that makes the value')
    const options = typeof ttl === 'object' ? ttl : { ttl }
    if (lane.kind === 'dollar') {
      if (!there) set(name, (fn as () => unknown)(), options)
      return get(name)
    }
    if (there) return Promise.resolve(get(name))
    const making = pending.get(name)
    if (making) return making.then(copy)
    const made = (async () => {
      try {
        const value = await (fn as () => unknown)()
        set(name, value, options)
        return value
      } finally {
        pending.delete(name)
      }
    })()
    pending.set(name, made)
    return made.then(copy)
  })
}

function put(kernel: Kernel, key: string, value: unknown, options: unknown): true {
  const { ttl, persist } = (options ?? {}) as { ttl?: unknown; persist?: unknown }
  if (ttl !== undefined && !(typeof ttl === 'number' && ttl > 0))
    throw option(kernel, 'ttl', 'seconds, more than 0')
  const size = sizeOf(value) + key.length * 2
  if (size > MAX_BYTES) {
    throw kernel.error('CACHE_VALUE_TOO_LARGE', cacheTexts.CACHE_VALUE_TOO_LARGE({ key, limit: MAX_BYTES }))
  }
  const wasKept = entries.get(key)?.persist === true
  const entry = {
    value,
    endsAtMs: typeof ttl === 'number' ? Date.now() + ttl * 1000 : Infinity,
    bytes: size,
    persist: persist === true,
  }
  store(key, entry)
  if (entry.persist) keep(kernel, key, entry)
  else if (wasKept) kernel.tell('cache.forget', [key])
  return true
}

function keep(kernel: Kernel, key: string, { value, endsAtMs }: Entry): void {
  const json = JSON.stringify(value) as string | undefined
  kernel.tell('cache.keep', [key, json ?? 'null', endsAtMs === Infinity ? null : endsAtMs])
}

function store(key: string, entry: Entry): void {
  drop(key)
  entries.set(key, entry)
  bytes += entry.bytes
  for (const oldest of entries.keys()) {
    if (bytes <= MAX_BYTES && entries.size <= MAX_ENTRIES) break
    drop(oldest)
  }
}

function live(key: string): Entry | undefined {
  const entry = entries.get(key)
  if (!entry || entry.endsAtMs > Date.now()) return entry
  drop(key)
  return undefined
}

/** The entry, which is now the one used last. */
function use(key: string): Entry | undefined {
  const entry = live(key)
  if (!entry) return undefined
  entries.delete(key)
  entries.set(key, entry)
  return entry
}

function remove(kernel: Kernel, key: string): void {
  if (entries.get(key)?.persist) kernel.tell('cache.forget', [key])
  drop(key)
}

function drop(key: string): void {
  const entry = entries.get(key)
  if (!entry) return
  bytes -= entry.bytes
  entries.delete(key)
}

/** What goes in and out are copies: nobody changes a cached value by the way. */
function copy<T>(value: T): T {
  return typeof value === 'object' && value !== null ? (structuredClone(value) as T) : value
}

/** @throws CACHE_VALUE_INVALID for what has no copy, such as a function or a promise */
function copyIn(kernel: Kernel, key: string, value: unknown): unknown {
  try {
    return typeof value === 'function' || typeof value === 'symbol' ? structuredClone(value) : copy(value)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    throw kernel.error('CACHE_VALUE_INVALID', cacheTexts.CACHE_VALUE_INVALID({ key, reason: error.message }))
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length * 2
  if (typeof value !== 'object' || value === null) return 16
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength
  return ((JSON.stringify(value) as string | undefined) ?? '').length * 2
}

function option(kernel: Kernel, name: string, expected: string): Error {
  return kernel.error('CACHE_OPTION_INVALID', cacheTexts.CACHE_OPTION_INVALID({ option: name, expected }))
}

import type { DataRecord } from '@m3m/core/client'

/** Unsaved changes of records, kept in this browser in case the page is lost. */

export interface RecordDraft {
  /** Version of the record they were made on; `null` for a new one. */
  version: number | null
  /** That record, so that what came meanwhile can be told from it; null for a new one, and where it is too long to keep. */
  base: DataRecord | null
  /** Unix milliseconds. */
  at: number
  changes: Record<string, unknown>
}

const PREFIX = 'm3m.draft.record.'
/** Longer ones would fill the 5 MB that an origin has. */
const MAX_CHARACTERS = 300_000
const KEEP_MS = 14 * 86_400_000

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export const draftKey = (projectId: string, modelId: string, recordId: string | null): string =>
  `${PREFIX}${projectId}.${modelId}.${recordId ?? 'new'}`

export function readDraft(store: Store, key: string): RecordDraft | null {
  try {
    const found = JSON.parse(store.getItem(key) ?? 'null') as Partial<RecordDraft> | null
    const isDraft =
      typeof found?.at === 'number' && typeof found.changes === 'object' && found.changes !== null
    if (!isDraft) return null
    const { version, base, at, changes } = found
    return { version: version ?? null, base: base ?? null, at: at!, changes: changes! }
  } catch {
    return null
  }
}

export function writeDraft(store: Store, key: string, draft: RecordDraft): void {
  try {
    const whole = JSON.stringify(draft)
    const text = whole.length <= MAX_CHARACTERS ? whole : JSON.stringify({ ...draft, base: null })
    if (text.length <= MAX_CHARACTERS) store.setItem(key, text)
  } catch {
    // Storage is refused or full: the guard of the page still asks.
  }
}

export function removeDraft(store: Store, key: string): void {
  try {
    store.removeItem(key)
  } catch {
    // As above.
  }
}

/** Removes drafts that nobody came back for. */
export function pruneDrafts(store: Store, nowMs: number): void {
  try {
    const keys = Array.from({ length: store.length }, (_, index) => store.key(index))
    for (const key of keys) {
      if (!key?.startsWith(PREFIX)) continue
      const draft = readDraft(store, key)
      if (!draft || draft.at < nowMs - KEEP_MS) store.removeItem(key)
    }
  } catch {
    // As above.
  }
}

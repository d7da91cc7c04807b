import type { Connection } from '@/app/connection/connection.ts'
import { describeError, OFFLINE } from '@/app/errors/describe-error.ts'
import { discardUpload, sendFile } from './send-file.ts'

export type UploadState = 'waiting' | 'sending' | 'exists' | 'done' | 'failed' | 'cancelled' | 'skipped'

export interface UploadItem {
  id: number
  projectId: string
  path: string
  file: File
  state: UploadState
  sentBytes: number
  /** Of a failed one. */
  error: unknown
}

/** Uploads of this page to one agent; they go on while other pages of the panel are looked at. */
export interface UploadQueue {
  items(): readonly UploadItem[]
  subscribe(listener: () => void): () => void
  add(projectId: string, files: readonly { path: string; file: File }[]): void
  /** The one answer for all that are there already, and for those of the same batch that still come. */
  answerExists(overwrite: boolean): void
  retry(id?: number): void
  cancel(id?: number): void
  /** Takes what has ended off the list. */
  clear(): void
  /** Called with the folder whenever a file has arrived. */
  onArrived(listener: (projectId: string, path: string) => void): () => void
}

const MAX_AT_ONCE = 3
const ENDED: readonly UploadState[] = ['done', 'failed', 'cancelled', 'skipped']
export const isEnded = ({ state }: UploadItem) => ENDED.includes(state)

const queues = new WeakMap<Connection, UploadQueue>()

/** The one queue of a connection. */
export function uploadQueueOf(connection: Connection): UploadQueue {
  const known = queues.get(connection)
  if (known) return known
  const queue = createUploadQueue(connection)
  queues.set(connection, queue)
  return queue
}

function createUploadQueue(connection: Connection): UploadQueue {
  let items: readonly UploadItem[] = []
  let nextId = 1
  let whenExists: 'ask' | 'overwrite' | 'skip' = 'ask'
  const listeners = new Set<() => void>()
  const arrived = new Set<(projectId: string, path: string) => void>()
  const aborts = new Map<number, AbortController>()

  const change = (id: number, next: Partial<UploadItem>) => {
    items = items.map((item) => (item.id === id ? { ...item, ...next } : item))
    for (const tell of listeners) tell()
  }
  const changeAll = (from: UploadState, next: Partial<UploadItem>) => {
    for (const item of items) if (item.state === from) change(item.id, next)
  }

  async function send(item: UploadItem): Promise<void> {
    const abort = new AbortController()
    aborts.set(item.id, abort)
    const { id, projectId, path, file } = item
    change(id, { state: 'sending', error: null })
    const onProgress = (sentBytes: number) => change(id, { sentBytes })
    const overwrite = whenExists === 'overwrite'
    const options = { projectId, path, file, overwrite, signal: abort.signal, onProgress }
    try {
      await sendFile(connection, options)
      change(id, { state: 'done', sentBytes: file.size })
      for (const tell of arrived) tell(projectId, path)
    } catch (error) {
      if (abort.signal.aborted) {
        change(id, { state: 'cancelled' })
        await discardUpload(connection, options).catch(() => {})
      } else if (describeError(error).code === 'STORAGE_EXISTS')
        change(id, { state: whenExists === 'skip' ? 'skipped' : 'exists' })
      else change(id, { state: 'failed', error })
    } finally {
      aborts.delete(id)
      pump()
    }
  }

  function pump(): void {
    const running = items.filter(({ state }) => state === 'sending').length
    const free = Math.max(0, MAX_AT_ONCE - running)
    for (const item of items.filter(({ state }) => state === 'waiting').slice(0, free)) void send(item)
  }

  addEventListener('online', () => retryOffline())
  function retryOffline(): void {
    for (const { id, state, error } of items)
      if (state === 'failed' && describeError(error).code === OFFLINE) change(id, { state: 'waiting' })
    pump()
  }
  addEventListener('beforeunload', (event) => {
    if (items.some((item) => !isEnded(item))) event.preventDefault()
  })

  return {
    items: () => items,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    add(projectId, files) {
      // A new batch is asked about anew; as long as one is under way it belongs to it.
      if (items.every(isEnded)) whenExists = 'ask'
      const added = files.map(({ path, file }): UploadItem => {
        const id = nextId++
        return { id, projectId, path, file, state: 'waiting', sentBytes: 0, error: null }
      })
      items = [...items.filter((item) => !isEnded(item) || item.state === 'failed'), ...added]
      for (const tell of listeners) tell()
      pump()
    },
    answerExists(overwrite) {
      whenExists = overwrite ? 'overwrite' : 'skip'
      changeAll('exists', { state: overwrite ? 'waiting' : 'skipped' })
      pump()
    },
    retry(id) {
      if (id === undefined) changeAll('failed', { state: 'waiting' })
      else change(id, { state: 'waiting' })
      pump()
    },
    cancel(id) {
      for (const item of items.filter((each) => id === undefined || each.id === id)) {
        if (item.state === 'sending') aborts.get(item.id)?.abort(new Error('cancelled'))
        else if (!isEnded(item)) change(item.id, { state: 'cancelled' })
      }
    },
    clear() {
      items = items.filter((item) => !isEnded(item))
      for (const tell of listeners) tell()
    },
    onArrived(listener) {
      arrived.add(listener)
      return () => arrived.delete(listener)
    },
  }
}

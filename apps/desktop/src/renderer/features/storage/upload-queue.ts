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

/** The list, and who watches it. */
function createItems() {
  let items: readonly UploadItem[] = []
  const listeners = new Set<() => void>()
  const set = (next: readonly UploadItem[]) => {
    items = next
    for (const tell of listeners) tell()
  }
  const change = (id: number, next: Partial<UploadItem>) =>
    set(items.map((item) => (item.id === id ? { ...item, ...next } : item)))
  return {
    get: () => items,
    set,
    change,
    changeAll(from: UploadState, next: Partial<UploadItem>) {
      for (const item of items) if (item.state === from) change(item.id, next)
    },
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Sends what waits, few at once; answers with what starts and what ends them. */
function createSender(connection: Connection, list: ReturnType<typeof createItems>) {
  const arrived = new Set<(projectId: string, path: string) => void>()
  const aborts = new Map<number, AbortController>()
  const sender = {
    whenExists: 'ask' as 'ask' | 'overwrite' | 'skip',
    arrived,
    pump(): void {
      const running = list.get().filter(({ state }) => state === 'sending').length
      const waiting = list.get().filter(({ state }) => state === 'waiting')
      for (const item of waiting.slice(0, Math.max(0, MAX_AT_ONCE - running))) void send(item)
    },
    abort: (id: number) => aborts.get(id)?.abort(new Error('cancelled')),
  }

  async function send({ id, projectId, path, file }: UploadItem): Promise<void> {
    const abort = new AbortController()
    aborts.set(id, abort)
    list.change(id, { state: 'sending', error: null })
    const onProgress = (sentBytes: number) => list.change(id, { sentBytes })
    const overwrite = sender.whenExists === 'overwrite'
    const options = { projectId, path, file, overwrite, signal: abort.signal, onProgress }
    try {
      await sendFile(connection, options)
      list.change(id, { state: 'done', sentBytes: file.size })
      for (const tell of arrived) tell(projectId, path)
    } catch (error) {
      if (abort.signal.aborted) {
        list.change(id, { state: 'cancelled' })
        await discardUpload(connection, options).catch(() => {})
      } else if (describeError(error).code === 'STORAGE_EXISTS')
        list.change(id, { state: sender.whenExists === 'skip' ? 'skipped' : 'exists' })
      else list.change(id, { state: 'failed', error })
    } finally {
      aborts.delete(id)
      sender.pump()
    }
  }
  return sender
}

function createUploadQueue(connection: Connection): UploadQueue {
  const list = createItems()
  const sender = createSender(connection, list)
  let nextId = 1

  addEventListener('online', () => {
    for (const { id, state, error } of list.get())
      if (state === 'failed' && describeError(error).code === OFFLINE) list.change(id, { state: 'waiting' })
    sender.pump()
  })
  addEventListener('beforeunload', (event) => {
    if (list.get().some((item) => !isEnded(item))) event.preventDefault()
  })

  return {
    items: list.get,
    subscribe: list.subscribe,
    add(projectId, files) {
      // A new batch is asked about anew; as long as one is under way it belongs to it.
      if (list.get().every(isEnded)) sender.whenExists = 'ask'
      const added = files.map(({ path, file }): UploadItem => {
        const id = nextId++
        return { id, projectId, path, file, state: 'waiting', sentBytes: 0, error: null }
      })
      const kept = list.get().filter((item) => !isEnded(item) || item.state === 'failed')
      list.set([...kept, ...added])
      sender.pump()
    },
    answerExists(overwrite) {
      sender.whenExists = overwrite ? 'overwrite' : 'skip'
      list.changeAll('exists', { state: overwrite ? 'waiting' : 'skipped' })
      sender.pump()
    },
    retry(id) {
      if (id === undefined) list.changeAll('failed', { state: 'waiting' })
      else list.change(id, { state: 'waiting' })
      sender.pump()
    },
    cancel(id) {
      for (const item of list.get().filter((each) => id === undefined || each.id === id)) {
        if (item.state === 'sending') sender.abort(item.id)
        else if (!isEnded(item)) list.change(item.id, { state: 'cancelled' })
      }
    },
    clear: () => list.set(list.get().filter((item) => !isEnded(item))),
    onArrived(listener) {
      sender.arrived.add(listener)
      return () => sender.arrived.delete(listener)
    },
  }
}

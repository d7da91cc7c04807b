import { useEffect, useState } from 'react'
import { useStoredFiles, type PreviewSize } from './stored-files.ts'

/** Requests at once: a browser has six lines to one host, and others need some. */
const MAX_AT_ONCE = 4
/** Pictures of a long list that stay ready; each has some KB. */
const MAX_KEPT = 600

const kept = new Map<string, Promise<string>>()
const waiting: { run: () => Promise<void>; isWanted: () => boolean }[] = []
let running = 0

function pump(): void {
  while (running < MAX_AT_ONCE && waiting.length > 0) {
    // The newest first: what was scrolled past may wait.
    const next = waiting.pop()!
    if (!next.isWanted()) continue
    running += 1
    void next.run().finally(() => {
      running -= 1
      pump()
    })
  }
}

export interface PreviewOf {
  projectId: string
  path: string
  size: PreviewSize
  /** Changes with the content: the time of the last change. */
  version: string
}

interface Preview {
  /** For `<img>`; `null` until it is there, and for what has none. */
  url: string | null
  /** Why there is none: a broken picture, one that is too large, no connection. */
  error?: unknown
}

const NONE: Preview = { url: null }

/** The small picture of a file. Kept while the page lives; what leaves the screen before its turn is not asked for. */
export function usePreview(file: PreviewOf | null): Preview {
  const files = useStoredFiles()
  const key = file ? `${file.projectId} ${file.path} ${file.size} ${file.version}` : null
  const [found, setFound] = useState<(Preview & { key: string }) | null>(null)
  useEffect(() => {
    if (!file || !key) return
    let isWanted = true
    const show = (url: string) => isWanted && setFound({ key, url })
    const fail = (error: unknown) => isWanted && setFound({ key, url: null, error })
    const ready = kept.get(key)
    if (ready) void ready.then(show, fail)
    else
      waiting.push({
        isWanted: () => isWanted,
        run: async () => {
          const loading = files
            .preview(file.projectId, file.path, file.size)
            .then((blob) => URL.createObjectURL(blob))
          keep(key, loading)
          await loading.then(show, fail)
        },
      })
    pump()
    return () => void (isWanted = false)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `key` says all of `file`
  }, [files, key])
  return found?.key === key ? found : NONE
}

function keep(key: string, url: Promise<string>): void {
  kept.set(key, url)
  // What failed for the moment (no connection, too busy) may be asked for again.
  url.catch(() => setTimeout(() => kept.delete(key), 30_000))
  if (kept.size <= MAX_KEPT) return
  const [oldest, gone] = kept.entries().next().value!
  kept.delete(oldest)
  void gone.then((address) => URL.revokeObjectURL(address)).catch(() => {})
}

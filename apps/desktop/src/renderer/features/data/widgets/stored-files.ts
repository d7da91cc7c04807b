import { useQuery } from '@tanstack/react-query'
import { usePanel } from '@/app/session/panel.tsx'
import { urlOf } from '@/app/connection/connection.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPCClient } from '@/app/trpc/trpc.ts'
import { freshName } from './stored-names.ts'

/** Tickets live five minutes; asked for again a minute before. */
const FRESH_MS = 4 * 60_000
/** The agent signs so many at once. */
const MOST_PATHS = 200

/** Addresses of stored files for `<img>` and links, by path; empty until they are known. */
export function useStoredUrls(paths: readonly string[]): ReadonlyMap<string, string> {
  const { connection } = usePanel()
  const project = useProject()
  const client = useTRPCClient()
  const asked = [...new Set(paths)].slice(0, MOST_PATHS)
  const { data } = useQuery({
    queryKey: ['stored-urls', project.id, asked],
    queryFn: () => client.storage.ticket.mutate({ projectId: project.id, paths: asked }),
    enabled: asked.length > 0,
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
  })
  return new Map(
    (data?.urls ?? []).flatMap((url, index) =>
      asked[index] === undefined ? [] : [[asked[index], urlOf(connection, url)]],
    ),
  )
}

export interface Uploader {
  /** The path it got. @throws an Error in words, or DOMException `AbortError` */
  (
    file: File,
    folder: string,
    options?: { onProgress?: (share: number) => void; signal?: AbortSignal },
  ): Promise<string>
}

/** Puts a file into the project's storage under a name of its own; what is there is never overwritten. */
export function useUploader(): Uploader {
  const { connection } = usePanel()
  const project = useProject()
  return async (file, folder, { onProgress, signal } = {}) => {
    const path = `${folder}/${freshName(file.name)}`
    const coded = path.split('/').map(encodeURIComponent).join('/')
    const token = await connection.session.accessToken()
    await put(urlOf(connection, `/files/storage/${project.id}/${coded}`), file, { token, onProgress, signal })
    return path
  }
}

interface PutOptions {
  token: string | null
  onProgress: ((share: number) => void) | undefined
  signal: AbortSignal | undefined
}

/** By XMLHttpRequest: fetch does not tell how much has gone. */
function put(url: string, file: File, { token, onProgress, signal }: PutOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    if (token) request.setRequestHeader('authorization', `Bearer ${token}`)
    request.setRequestHeader('if-none-match', '*')
    request.setRequestHeader('content-type', file.type || 'application/octet-stream')
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0)
    request.onload = () => (request.status < 300 ? resolve() : reject(new Error(messageIn(request))))
    request.onerror = () => reject(new TypeError('Failed to fetch'))
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'))
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

function messageIn({ status, responseText }: XMLHttpRequest): string {
  try {
    const answer = JSON.parse(responseText) as { message?: string; error?: { message?: string } | string }
    const inner = typeof answer.error === 'object' ? answer.error.message : answer.error
    return answer.message ?? inner ?? `HTTP ${status}`
  } catch {
    return `HTTP ${status}`
  }
}

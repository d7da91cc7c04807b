import { useMemo } from 'react'
import { urlOf, type Connection } from '../connection/connection.ts'
import { RemoteError } from '../connection/remote-error.ts'
import { usePanel } from '../session/panel.tsx'

/** `content`: the file itself; `preview`: a small WebP of a picture. */
type Door = 'content' | 'preview'

/** Sides a preview is asked for: squares up to 100 pixels, the whole picture above. */
export type PreviewSize = 50 | 100 | 1024

/** Where the agent has a stored file; fetched with a bearer token or a ticket. */
export function storedFileUrl(
  connection: Connection,
  projectId: string,
  path: string,
  door: Door = 'content',
) {
  const names = path.split('/').map(encodeURIComponent).join('/')
  return urlOf(connection, `/files/${door === 'content' ? 'storage' : 'preview'}/${projectId}/${names}`)
}

/** Bytes from and to the storages of projects, in the name of who is signed in. */
export interface StoredFiles {
  /** @throws RemoteError with the agent's code */
  fetch(url: string, init?: RequestInit): Promise<Response>
  preview(projectId: string, path: string, size: PreviewSize, signal?: AbortSignal): Promise<Blob>
}

export function useStoredFiles(): StoredFiles {
  const { connection } = usePanel()
  return useMemo(() => createStoredFiles(connection), [connection])
}

export function createStoredFiles(connection: Connection): StoredFiles {
  async function fetchStored(url: string, init: RequestInit = {}): Promise<Response> {
    const token = await connection.session.accessToken()
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` }
    const response = await fetch(url, { ...init, headers })
    if (response.ok) return response
    throw remoteErrorOf(response.status, await response.json().catch(() => null))
  }
  return {
    fetch: fetchStored,
    async preview(projectId, path, size, signal) {
      const url = `${storedFileUrl(connection, projectId, path, 'preview')}?size=${size}`
      return (await fetchStored(url, { ...(signal && { signal }) })).blob()
    },
  }
}

/** What the agent's plain routes answer: `{ error: shape }`. */
export function remoteErrorOf(status: number, body: unknown): RemoteError {
  const shape = (body as { error?: RemoteError['app'] } | null)?.error
  return new RemoteError(
    shape?.code
      ? shape
      : { code: `HTTP_${status}`, blame: 'host', status, message: `The agent answered ${status}.` },
  )
}

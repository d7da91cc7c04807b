import type { Connection } from '../connection/connection.ts'
import { remoteErrorOf } from './stored-files.ts'

interface SendBody {
  body: Blob
  headers?: Record<string, string>
  signal: AbortSignal
  onProgress: (sentBytes: number) => void
}

/**
 * PUTs bytes and gives the agent's answer. By XMLHttpRequest: fetch does not tell how much has gone.
 * @throws RemoteError, TypeError when the line is dead, the signal's reason
 */
export async function sendBody(connection: Connection, url: string, request: SendBody): Promise<unknown> {
  const token = await connection.session.accessToken()
  const { body, headers = {}, signal, onProgress } = request
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const abort = () => xhr.abort()
    signal.addEventListener('abort', abort, { once: true })
    xhr.open('PUT', url)
    for (const [name, value] of Object.entries({ ...headers, authorization: `Bearer ${token}` }))
      xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = ({ loaded }) => onProgress(loaded)
    xhr.onload = () => {
      const answer = parsed(xhr.responseText)
      if (xhr.status < 300) resolve(answer)
      else reject(remoteErrorOf(xhr.status, answer))
    }
    xhr.onerror = () => reject(new TypeError('network error'))
    xhr.onabort = () => reject(signal.reason as Error)
    xhr.onloadend = () => signal.removeEventListener('abort', abort)
    xhr.send(body)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

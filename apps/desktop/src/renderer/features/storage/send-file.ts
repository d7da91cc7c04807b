import { sendBody } from '@/app/files/send-body.ts'
import { storedFileUrl, createStoredFiles } from '@/app/files/stored-files.ts'
import type { Connection } from '@/app/connection/connection.ts'

export interface SendOptions {
  projectId: string
  path: string
  file: File
  overwrite: boolean
  signal: AbortSignal
  onProgress: (sentBytes: number) => void
}

/**
 * Sends a file in one stream, from where an earlier try was cut: the agent is asked how much it has. The upload's
 * name follows from the file, so that dropping it again after the page was loaded anew goes on, too.
 * @throws RemoteError, TypeError when the line is dead, the signal's reason
 */
export async function sendFile(connection: Connection, options: SendOptions): Promise<void> {
  const { projectId, path, file, overwrite, signal, onProgress } = options
  const url = storedFileUrl(connection, projectId, path)
  const condition: Record<string, string> = overwrite ? {} : { 'if-none-match': '*' }
  // Content-Range cannot say "nothing of nothing".
  if (file.size === 0) {
    await sendBody(connection, url, { body: file, headers: condition, signal, onProgress })
    return
  }
  const id = await uploadIdOf(file)
  let startBytes = await receivedBytes(connection, url, { id, file, condition, signal })
  // All has come and it was not put in place (the agent ended right then): an empty rest cannot be sent.
  if (startBytes >= file.size) {
    await discardUpload(connection, options)
    startBytes = 0
  }
  onProgress(startBytes)
  const headers = {
    ...condition,
    'x-upload-id': id,
    'content-range': `bytes ${startBytes}-${file.size - 1}/${file.size}`,
  }
  const progress = (sentBytes: number) => onProgress(startBytes + sentBytes)
  await sendBody(connection, url, { body: file.slice(startBytes), headers, signal, onProgress: progress })
}

/** Tells the agent that nobody goes on with it. */
export async function discardUpload(
  connection: Connection,
  { projectId, path, file }: Pick<SendOptions, 'projectId' | 'path' | 'file'>,
) {
  if (file.size === 0) return
  const headers = { 'x-upload-id': await uploadIdOf(file), 'content-range': `bytes */${file.size}` }
  await createStoredFiles(connection).fetch(storedFileUrl(connection, projectId, path), {
    method: 'DELETE',
    headers,
  })
}

interface ReceivedOptions {
  id: string
  file: File
  condition: Record<string, string>
  signal: AbortSignal
}

/** Also asks whether the file would be taken: in the middle of a body a refusal is not heard. */
async function receivedBytes(
  connection: Connection,
  url: string,
  { id, file, condition, signal }: ReceivedOptions,
): Promise<number> {
  const headers = { ...condition, 'x-upload-id': id, 'content-range': `bytes */${file.size}` }
  const answer = await createStoredFiles(connection).fetch(url, { method: 'PUT', headers, signal })
  const { receivedBytes: received } = (await answer.json()) as { receivedBytes: number }
  return received
}

async function uploadIdOf({ name, size, lastModified }: File): Promise<string> {
  const text = new TextEncoder().encode(`${name}\n${size}\n${lastModified}`)
  // Plain http off loopback has no crypto.subtle; the id need not be secret, only the file's own.
  if (!globalThis.crypto.subtle) return `plain-${size}-${lastModified}`
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text))
  return Array.from(hash.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

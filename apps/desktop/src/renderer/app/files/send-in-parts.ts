import type { Connection } from '../connection/connection.ts'
import { sendBody } from './send-body.ts'
import { createStoredFiles } from './stored-files.ts'

interface SendOptions {
  url: string
  file: File
  headers?: Record<string, string>
  signal: AbortSignal
  /** Of the whole file, what came earlier included. */
  onProgress: (sentBytes: number) => void
}

/**
 * Sends a file in one stream, from where an earlier try was cut: the agent is asked how much it has. The upload's
 * name follows from the file, so that choosing it again after the page was loaded anew goes on, too.
 * @returns the agent's answer to the last byte
 * @throws RemoteError, TypeError when the line is dead, the signal's reason
 */
export async function sendInParts(connection: Connection, options: SendOptions): Promise<unknown> {
  const { url, file, headers = {}, signal, onProgress } = options
  // Content-Range cannot say "nothing of nothing".
  if (file.size === 0) return sendBody(connection, url, { body: file, headers, signal, onProgress })
  const id = await uploadIdOf(file)
  let startBytes = await receivedBytes(connection, id, options)
  // All has come and it was not put in place (the agent ended right then): an empty rest cannot be sent.
  if (startBytes >= file.size) {
    await discardParts(connection, { url, file })
    startBytes = 0
  }
  onProgress(startBytes)
  const range = `bytes ${startBytes}-${file.size - 1}/${file.size}`
  return sendBody(connection, url, {
    body: file.slice(startBytes),
    headers: { ...headers, 'x-upload-id': id, 'content-range': range },
    signal,
    onProgress: (sentBytes) => onProgress(startBytes + sentBytes),
  })
}

/** Tells the agent that nobody goes on with it. */
export async function discardParts(
  connection: Connection,
  { url, file }: Pick<SendOptions, 'url' | 'file'>,
): Promise<void> {
  if (file.size === 0) return
  const headers = { 'x-upload-id': await uploadIdOf(file), 'content-range': `bytes */${file.size}` }
  await createStoredFiles(connection).fetch(url, { method: 'DELETE', headers })
}

/** Also asks whether the file would be taken: in the middle of a body a refusal is not heard. */
async function receivedBytes(
  connection: Connection,
  id: string,
  { url, file, headers = {}, signal }: SendOptions,
): Promise<number> {
  const asked = { ...headers, 'x-upload-id': id, 'content-range': `bytes */${file.size}` }
  const answer = await createStoredFiles(connection).fetch(url, { method: 'PUT', headers: asked, signal })
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

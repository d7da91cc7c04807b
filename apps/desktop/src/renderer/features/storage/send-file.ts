import { discardParts, sendInParts } from '@/app/files/send-in-parts.ts'
import { storedFileUrl } from '@/app/files/stored-files.ts'
import type { Connection } from '@/app/connection/connection.ts'

export interface SendOptions {
  projectId: string
  path: string
  file: File
  overwrite: boolean
  signal: AbortSignal
  onProgress: (sentBytes: number) => void
}

/** Puts a file at a path of a storage. @throws as {@link sendInParts} */
export async function sendFile(connection: Connection, options: SendOptions): Promise<void> {
  const { projectId, path, file, overwrite, signal, onProgress } = options
  const url = storedFileUrl(connection, projectId, path)
  const headers: Record<string, string> = overwrite ? {} : { 'if-none-match': '*' }
  await sendInParts(connection, { url, file, headers, signal, onProgress })
}

/** Tells the agent that nobody goes on with it. */
export async function discardUpload(
  connection: Connection,
  { projectId, path, file }: Pick<SendOptions, 'projectId' | 'path' | 'file'>,
): Promise<void> {
  await discardParts(connection, { url: storedFileUrl(connection, projectId, path), file })
}

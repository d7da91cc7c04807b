import { saveFile } from '@/ui/save-file.ts'
import type { Connection } from '../connection/connection.ts'
import { urlOf } from '../connection/connection.ts'
import { toastError } from '../errors/toast-error.ts'
import { usePanel } from '../session/panel.tsx'
import { createStoredFiles } from './stored-files.ts'

/** Saves a file of the agent, by its path on the agent (`/files/…`). What goes wrong is told in a toast. */
export function useFileDownload(): (path: string, name: string, query?: string) => Promise<void> {
  const { connection } = usePanel()
  return async (path, name, query) => {
    try {
      const url = await ticketFor(connection, path)
      await openDownload(connection, query ? `${url}&${query}` : url, name)
    } catch (error) {
      toastError(error)
    }
  }
}

/** Browsers stream it to disk by the ticket in it; in the desktop app the page fetches and the shell saves. */
export async function openDownload(connection: Connection, url: string, name: string): Promise<void> {
  if (connection.kind === 'desktop') {
    const response = await createStoredFiles(connection).fetch(connection.baseUrl + url)
    return saveFile(await response.blob(), name)
  }
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}

async function ticketFor(connection: Connection, path: string): Promise<string> {
  const response = await createStoredFiles(connection).fetch(urlOf(connection, '/files/tickets'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paths: [path] }),
  })
  const { urls } = (await response.json()) as { urls: [string] }
  return urls[0]
}

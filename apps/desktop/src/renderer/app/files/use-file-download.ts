import type { Connection } from '../connection/connection.ts'
import { urlOf } from '../connection/connection.ts'
import { answerOf } from '../connection/desktop.ts'
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

/** It is streamed to disk by the ticket in the address: by the browser, or by the desktop app's shell. */
export async function openDownload(connection: Connection, url: string, name: string): Promise<void> {
  if (connection.kind === 'desktop') {
    await answerOf(window.m3m!.files.save({ path: url }))
    return
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

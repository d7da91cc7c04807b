import { type Session, WebContentsView } from 'electron'
import { APP_ORIGIN } from '../protocol/app-files.ts'
import { PAGE_PREFERENCES } from './web-preferences.ts'

/** A file of the app that runs no script: its document has the storage of the app's pages and changes nothing there. */
const QUIET_PAGE = `${APP_ORIGIN}/icon.svg`

/** Takes what the pages of one session keep (drafts, how the panel was arranged) over to another one. */
export async function carryStorage(from: Session, to: Session): Promise<void> {
  const kept = await inQuietPage(from, 'JSON.stringify(Object.entries(localStorage))')
  // A JSON text is an expression of JavaScript as it is (ECMAScript 2019, "JSON superset").
  await inQuietPage(to, `for (const [key, value] of ${String(kept)}) localStorage.setItem(key, value)`)
}

async function inQuietPage(session: Session, code: string): Promise<unknown> {
  const { webContents } = new WebContentsView({ webPreferences: { ...PAGE_PREFERENCES, session } })
  try {
    await webContents.loadURL(QUIET_PAGE)
    return await webContents.executeJavaScript(code)
  } finally {
    webContents.close()
  }
}

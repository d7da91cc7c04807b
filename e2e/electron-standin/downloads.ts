import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { browser } from './browser.ts'
import type { DevToolsEvent } from './devtools.ts'
import { refuseUnknown } from './refuse-unknown.ts'

/** A download as the app sees it. The dialog is one that says yes to the place it was given. */
class DownloadItem extends EventEmitter {
  readonly #name: string
  #path = ''

  constructor(name: string) {
    super()
    this.#name = name
  }

  getFilename(): string {
    return this.#name
  }

  setSaveDialogOptions({ defaultPath }: { defaultPath: string }): void {
    this.#path = defaultPath
  }

  getSavePath(): string {
    return this.#path
  }
}

/** Where Chromium puts those of one browser context, by names of its own. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'm3m-standin-download-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Tells `session` by `will-download` of what pages of that browser context save. */
export async function watchDownloads(session: EventEmitter, browserContextId: string): Promise<void> {
  const devtools = await browser()
  const downloadPath = makeFolder()
  const items = new Map<string, DownloadItem>()
  const options = { behavior: 'allowAndName', browserContextId, downloadPath, eventsEnabled: true }
  await devtools.send('Browser.setDownloadBehavior', options)
  devtools.onEvent('browser', ({ method, params }: DevToolsEvent) => {
    const { guid, suggestedFilename, state } = params as Record<string, string>
    if (method === 'Browser.downloadWillBegin') {
      const item = new DownloadItem(suggestedFilename!)
      items.set(guid!, item)
      session.emit('will-download', {}, refuseUnknown('DownloadItem', item))
    }
    const item = items.get(guid ?? '')
    if (method !== 'Browser.downloadProgress' || state !== 'completed' || !item) return
    // Chromium tells every session of every download and not whose it is; only the owner's folder has the file.
    const file = join(downloadPath, guid!)
    if (!existsSync(file)) return
    mkdirSync(dirname(item.getSavePath()), { recursive: true })
    renameSync(file, item.getSavePath())
    item.emit('done', {}, 'completed')
  })
}

import { dirname, join } from 'node:path'
import { app, dialog, type Session } from 'electron'
import { nativeTexts } from '../native-texts.ts'

/** Where the person saved last; the system's folder for downloads at first. */
let folder: string | null = null

/** Logs, exports and stored files are saved where the person says: by the system's own dialog, each time. */
export function askWhereToSave(session: Session): void {
  session.on('will-download', (_event, item) => {
    folder ??= app.getPath('downloads')
    item.setSaveDialogOptions({ defaultPath: join(folder, item.getFilename()) })
    item.once('done', (_done, state) => {
      if (state === 'completed') folder = dirname(item.getSavePath())
      // The person who cancelled knows it.
      else if (state === 'interrupted')
        void dialog.showMessageBox({
          type: 'error',
          message: nativeTexts(app.getLocale()).notSaved(item.getFilename()),
        })
    })
  })
}

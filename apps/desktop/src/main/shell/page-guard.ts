import { app, dialog, shell, type WebContents } from 'electron'
import { nativeTexts } from '../native-texts.ts'
import { navigationRule, windowOpenRule } from '../window/navigation-rule.ts'

const RELOAD_AGAIN_AFTER_MS = 10_000

/** Keeps a page inside the app, asks before it is left with unsaved changes, and brings it back when it crashed. */
export function guardPage(contents: WebContents, leaving: { onAsk: () => void; onStay: () => void }): void {
  contents.on('will-navigate', (event) => {
    const rule = navigationRule(event.url)
    if (rule === 'stay') return
    event.preventDefault()
    if (rule === 'browser') void shell.openExternal(event.url)
  })
  contents.on('will-redirect', (event) => {
    if (navigationRule(event.url) !== 'stay') event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (windowOpenRule(url) === 'browser') void shell.openExternal(url)
    return { action: 'deny' }
  })
  // Without an answer Electron stays on the page and shows nothing. Prevented, the page's objection is passed over.
  contents.on('will-prevent-unload', (event) => {
    // So that a person who is asked sees which page it is about.
    leaving.onAsk()
    if (askToLeave()) event.preventDefault()
    else leaving.onStay()
  })
  let reloadedMs = 0
  contents.on('render-process-gone', (_event, details) => {
    // One that dies at once again would be started for ever; a person can reload it by the menu.
    if (details.reason === 'clean-exit' || Date.now() - reloadedMs < RELOAD_AGAIN_AFTER_MS) return
    reloadedMs = Date.now()
    contents.reload()
  })
}

function askToLeave(): boolean {
  const { leave } = nativeTexts(app.getLocale())
  const answer = dialog.showMessageBoxSync({
    type: 'question',
    message: leave.message,
    detail: leave.detail,
    buttons: [leave.stay, leave.leave],
    defaultId: 0,
    cancelId: 0,
  })
  return answer === 1
}

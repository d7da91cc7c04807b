import { join } from 'node:path'
import { app, Menu, nativeImage, Tray } from 'electron'
import type { AgentEntry, LocalAgentState } from '../../shared/desktop-port.ts'
import { nativeTexts } from '../native-texts.ts'
import { type TrayActions, trayTemplate, trayTooltip } from '../window/tray-template.ts'

/**
 * macOS colours the mark as its menu bar needs it, for which it is drawn without its ground (the ending `Template` says
 * so). Electron finds the one for dense screens, `@2x`, beside it.
 */
const IMAGE = process.platform === 'darwin' ? 'tray/markTemplate.png' : 'tray/mark.png'

/** The mark beside the clock, with every agent's state. It keeps the app alive when its window is closed. */
export function openTray(actions: TrayActions): {
  show(agents: readonly AgentEntry[], local: LocalAgentState): void
} & Disposable {
  const tray = new Tray(nativeImage.createFromPath(join(app.getAppPath(), 'dist-web', IMAGE)))
  const texts = nativeTexts(app.getLocale())
  let shown = ''
  // On macOS a click opens the menu, and this would bring up the window behind it.
  if (process.platform !== 'darwin') tray.on('click', () => actions.open(null))
  return {
    show(agents, local) {
      const template = trayTemplate({ texts, agents, local, actions })
      const what = JSON.stringify(template)
      // An open menu would close when it is set anew.
      if (what === shown) return
      shown = what
      tray.setToolTip(trayTooltip(agents, texts))
      tray.setContextMenu(Menu.buildFromTemplate(template))
    },
    [Symbol.dispose]: () => tray.destroy(),
  }
}

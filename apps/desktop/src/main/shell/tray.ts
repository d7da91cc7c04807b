import { join } from 'node:path'
import { app, Menu, nativeImage, Tray } from 'electron'
import type { AgentEntry, LocalAgentState } from '../../shared/desktop-port.ts'
import { nativeTexts } from '../native-texts.ts'
import { type TrayActions, trayTemplate, trayTooltip } from '../window/tray-template.ts'

/** Points; twice as many pixels are in the file for dense screens. */
const SIZE = 16

/** The mark beside the clock, with every agent's state. It keeps the app alive when its window is closed. */
export function openTray(actions: TrayActions): {
  show(agents: readonly AgentEntry[], local: LocalAgentState): void
} & Disposable {
  const image = nativeImage.createFromPath(join(app.getAppPath(), 'dist-web/tray.png'))
  const tray = new Tray(image.resize({ width: SIZE, height: SIZE }))
  const texts = nativeTexts(app.getLocale())
  let shown = ''
  tray.on('click', () => actions.open(null))
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

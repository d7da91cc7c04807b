import type { MenuItemConstructorOptions } from 'electron'
import type { NativeTexts } from '../native-texts.ts'

export interface MenuActions {
  addAgent(): void
  selectAgent(id: string): void
  /** Forward (1) or back (-1) in the person's order, around the end. */
  stepAgent(by: 1 | -1): void
  command(name: 'search' | 'settings' | 'shortcuts'): void
}

/** Digits are on the keyboard from 1 to 9, so the first nine agents have a shortcut. */
const DIGITS = 9

/**
 * The application's menu. Reload and developer tools are for work on m3m itself and are left out of a
 * packaged app.
 */
export function menuTemplate(options: {
  texts: NativeTexts
  agents: readonly { id: string; name: string }[]
  selected: string | null
  platform: NodeJS.Platform
  packaged: boolean
  actions: MenuActions
}): MenuItemConstructorOptions[] {
  const { texts, platform, packaged, actions } = options
  const settings: MenuItemConstructorOptions = {
    label: texts.settings,
    accelerator: 'CmdOrCtrl+,',
    click: () => actions.command('settings'),
  }
  const mac: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  }
  const file: MenuItemConstructorOptions = { role: 'fileMenu', submenu: [settings, { role: 'quit' }] }
  const go: MenuItemConstructorOptions = {
    label: texts.go,
    submenu: [{ label: texts.search, click: () => actions.command('search') }],
  }
  const help: MenuItemConstructorOptions = {
    role: 'help',
    label: texts.help,
    submenu: [{ label: texts.shortcuts, click: () => actions.command('shortcuts') }],
  }
  return [
    platform === 'darwin' ? mac : file,
    { role: 'editMenu' },
    agentsMenu(options),
    go,
    viewMenu(packaged),
    { role: 'windowMenu' },
    help,
  ]
}

function agentsMenu(options: Parameters<typeof menuTemplate>[0]): MenuItemConstructorOptions {
  const { texts, agents, selected, actions } = options
  const entries = agents.map((agent, index): MenuItemConstructorOptions => {
    const accelerator = index < DIGITS ? { accelerator: `CmdOrCtrl+${index + 1}` } : {}
    return {
      id: `agent-${agent.id}`,
      label: agent.name.replaceAll('&', '&&'),
      type: 'radio',
      checked: agent.id === selected,
      click: () => actions.selectAgent(agent.id),
      ...accelerator,
    }
  })
  return {
    label: texts.agents,
    submenu: [
      ...entries,
      { type: 'separator' },
      { label: texts.nextAgent, accelerator: 'Ctrl+Tab', click: () => actions.stepAgent(1) },
      { label: texts.previousAgent, accelerator: 'Ctrl+Shift+Tab', click: () => actions.stepAgent(-1) },
      { type: 'separator' },
      { id: 'add-agent', label: texts.addAgent, click: () => actions.addAgent() },
    ],
  }
}

function viewMenu(packaged: boolean): MenuItemConstructorOptions {
  const zoom: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
  const work: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { role: 'toggleDevTools' },
    { type: 'separator' },
  ]
  return { role: 'viewMenu', submenu: packaged ? zoom : [...work, ...zoom] }
}

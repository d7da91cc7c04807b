import type { MenuItemConstructorOptions } from 'electron'
import type { NativeTexts } from '../native-texts.ts'

export interface MenuActions {
  newWindow(): void
  /** The page that is seen. The menu's own roles for it know BrowserWindow only. */
  reload(): void
  developerTools(): void
  addAgent(): void
  selectAgent(id: string): void
  /** Forward (1) or back (-1) in the person's order, around the end. */
  stepAgent(by: 1 | -1): void
  command(name: 'search' | 'settings' | 'shortcuts'): void
}

/** Digits are on the keyboard from 1 to 9, so the first nine agents have a shortcut. */
const DIGITS = 9

/**
 * The application's menu. Developer tools are for work on m3m itself and are left out of a packaged app.
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
      { type: 'separator' },
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
  const newWindow: MenuItemConstructorOptions = {
    id: 'new-window',
    label: texts.newWindow,
    accelerator: 'CmdOrCtrl+Shift+N',
    click: () => actions.newWindow(),
  }
  const isMac = platform === 'darwin'
  const file: MenuItemConstructorOptions = {
    role: 'fileMenu',
    submenu: isMac
      ? [newWindow, { type: 'separator' }, { role: 'close' }]
      : [
          newWindow,
          { type: 'separator' },
          settings,
          { type: 'separator' },
          { role: 'close' },
          { role: 'quit' },
        ],
  }
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
    ...(isMac ? [mac, file] : [file]),
    { role: 'editMenu' },
    agentsMenu(options),
    go,
    viewMenu({ texts, packaged, actions }),
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

function viewMenu({
  texts,
  packaged,
  actions,
}: Pick<Parameters<typeof menuTemplate>[0], 'texts' | 'packaged' | 'actions'>): MenuItemConstructorOptions {
  const tools: MenuItemConstructorOptions = {
    label: texts.tools,
    accelerator: 'CmdOrCtrl+Alt+I',
    click: () => actions.developerTools(),
  }
  return {
    role: 'viewMenu',
    submenu: [
      { id: 'reload', label: texts.reload, accelerator: 'CmdOrCtrl+R', click: () => actions.reload() },
      ...(packaged ? [] : [tools]),
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  }
}

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
  const isMac = platform === 'darwin'
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
    ...(isMac ? [mac] : []),
    fileMenu(options, settings),
    editMenu(texts, isMac),
    agentsMenu(options),
    go,
    viewMenu({ texts, packaged, actions }),
    windowMenu(texts, isMac),
    help,
  ]
}

function fileMenu(
  { texts, platform, actions }: Parameters<typeof menuTemplate>[0],
  settings: MenuItemConstructorOptions,
): MenuItemConstructorOptions {
  const newWindow: MenuItemConstructorOptions = {
    id: 'new-window',
    label: texts.newWindow,
    accelerator: 'CmdOrCtrl+Shift+N',
    click: () => actions.newWindow(),
  }
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const close: MenuItemConstructorOptions = { role: 'close', label: texts.window.close }
  const quit: MenuItemConstructorOptions = { role: 'quit', label: texts.quit }
  return {
    role: 'fileMenu',
    label: texts.file,
    submenu:
      platform === 'darwin'
        ? [newWindow, separator, close]
        : [newWindow, separator, settings, separator, close, quit],
  }
}

/** Written out, since the roles' own words are English everywhere but on macOS. */
function editMenu({ edit }: NativeTexts, isMac: boolean): MenuItemConstructorOptions {
  if (isMac) return { role: 'editMenu' }
  return {
    role: 'editMenu',
    label: edit.menu,
    submenu: [
      { role: 'undo', label: edit.undo },
      { role: 'redo', label: edit.redo },
      { type: 'separator' },
      { role: 'cut', label: edit.cut },
      { role: 'copy', label: edit.copy },
      { role: 'paste', label: edit.paste },
      { role: 'pasteAndMatchStyle', label: edit.pasteAsText },
      { role: 'delete', label: edit.delete },
      { type: 'separator' },
      { role: 'selectAll', label: edit.selectAll },
    ],
  }
}

function windowMenu({ window }: NativeTexts, isMac: boolean): MenuItemConstructorOptions {
  if (isMac) return { role: 'windowMenu' }
  return {
    role: 'windowMenu',
    label: window.menu,
    submenu: [{ role: 'minimize', label: window.minimize }],
  }
}

function agentsMenu(options: Parameters<typeof menuTemplate>[0]): MenuItemConstructorOptions {
  const { texts, agents, selected, actions } = options
  const entries = agents.map((agent, index): MenuItemConstructorOptions => {
    const accelerator = index < DIGITS ? { accelerator: `CmdOrCtrl+${index + 1}` } : {}
    return {
      id: `agent-${agent.id}`,
      label: agent.name.replaceAll('&', '&&'),
      // Of radio entries one is always ticked, the first when none is said to be: so none while no agent is seen.
      ...(selected !== null && { type: 'radio', checked: agent.id === selected }),
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
  const { view } = texts
  return {
    role: 'viewMenu',
    label: view.menu,
    submenu: [
      { id: 'reload', label: texts.reload, accelerator: 'CmdOrCtrl+R', click: () => actions.reload() },
      ...(packaged ? [] : [tools]),
      { type: 'separator' },
      { role: 'resetZoom', label: view.actualSize },
      { role: 'zoomIn', label: view.zoomIn },
      { role: 'zoomOut', label: view.zoomOut },
      { type: 'separator' },
      { role: 'togglefullscreen', label: view.fullScreen },
    ],
  }
}

/** Texts outside the pages: menus, tray, notifications. One object per language; the languages have the same keys. */
const en = {
  agents: '&Agents',
  addAgent: 'Add Agent…',
  nextAgent: 'Next Agent',
  previousAgent: 'Previous Agent',
  go: '&Go',
  search: 'Search…',
  shortcuts: 'Keyboard Shortcuts',
  settings: 'Settings…',
  help: '&Help',
  open: 'Open m3m',
  quit: 'Quit m3m',
  thisComputer: 'This computer',
  startLocal: 'Start the agent of this computer',
  stopLocal: 'Stop the agent of this computer',
  state: { online: 'online', offline: 'offline', untrusted: 'certificate changed', unknown: 'asking…' },
  running: (count: number) => `${count} running`,
  crashed: (count: number) => `${count} crashed`,
  crashTitle: (project: string, agent: string) => `${project} crashed (${agent})`,
}

export type NativeTexts = typeof en

const ru: NativeTexts = {
  agents: '&Агенты',
  addAgent: 'Добавить агента…',
  nextAgent: 'Следующий агент',
  previousAgent: 'Предыдущий агент',
  go: '&Переход',
  search: 'Поиск…',
  shortcuts: 'Сочетания клавиш',
  settings: 'Настройки…',
  help: '&Справка',
  open: 'Открыть m3m',
  quit: 'Выйти из m3m',
  thisComputer: 'Этот компьютер',
  startLocal: 'Запустить агента этого компьютера',
  stopLocal: 'Остановить агента этого компьютера',
  state: { online: 'в сети', offline: 'недоступен', untrusted: 'сертификат сменился', unknown: 'проверяем…' },
  running: (count) => `работает: ${count}`,
  crashed: (count) => `упало: ${count}`,
  crashTitle: (project, agent) => `${project}: сервис упал (${agent})`,
}

/** The texts for a locale as Electron names it (`en-US`, `ru`); English where a language has none. */
export function nativeTexts(locale: string): NativeTexts {
  return locale.toLowerCase().split('-')[0] === 'ru' ? ru : en
}

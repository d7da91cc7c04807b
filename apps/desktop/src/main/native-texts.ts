/** Texts outside the pages: menus and dialogs. One object per language; English is complete by definition. */
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
  manual: 'm3m Manual',
}

export type NativeTexts = typeof en

/** The texts for a locale as Electron names it (`en-US`); English where a language has none. */
export function nativeTexts(_locale: string): NativeTexts {
  return en
}

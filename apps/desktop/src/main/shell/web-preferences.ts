import type { WebPreferences } from 'electron'

/**
 * The switches of every page, written out although most are Electron's defaults: a default that changes must
 * not change what a page may do (electronjs.org/docs/latest/tutorial/security).
 */
export const PAGE_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  plugins: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  // Code and identifiers are not prose.
  spellcheck: false,
} as const satisfies WebPreferences

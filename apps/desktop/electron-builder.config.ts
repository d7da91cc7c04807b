import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration } from 'electron-builder'

/** Environment of a packaging run: where updates will be found, and where Electron lies if it is not to be fetched. */
export interface PackagingEnv {
  M3M_UPDATE_URL?: string | undefined
  M3M_UPDATE_CHANNEL?: string | undefined
  M3M_ELECTRON_DIST?: string | undefined
  APPLE_TEAM_ID?: string | undefined
  APPLE_ID?: string | undefined
  APPLE_APP_SPECIFIC_PASSWORD?: string | undefined
}

/**
 * The switches that are burnt into the binary (electronjs.org/docs/latest/tutorial/fuses). `runAsNode` off means
 * that the app cannot be used as a Node, so a local agent runs on a Node of its own.
 */
export const FUSES = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
} as const

/** Where scripts/package.ts puts the agent of this system; absent for another one. */
export const AGENT_FOLDER = join(import.meta.dirname, 'agent')

/** What electron-builder makes of `out` (main, preload) and `dist-web` (the pages). */
export function packagingConfig(env: PackagingEnv): Configuration {
  const here = (path: string) => join(import.meta.dirname, path)
  return {
    appId: 'dev.m3m.desktop',
    productName: 'm3m',
    copyright: 'The m3m authors (MIT)',
    directories: { output: here('release'), buildResources: here('packaging') },
    files: ['out/**', 'dist-web/**', 'package.json', '!**/*.map', '!**/.stamp'],
    asar: true,
    // Outside of the archive: the agent runs on a Node of its own, which knows nothing of asar.
    extraResources: existsSync(AGENT_FOLDER) ? [{ from: AGENT_FOLDER, to: 'agent' }] : [],
    npmRebuild: false,
    electronFuses: FUSES,
    protocols: [{ name: 'm3m agent', schemes: ['m3m'] }],
    publish: env.M3M_UPDATE_URL
      ? { provider: 'generic', url: env.M3M_UPDATE_URL, channel: env.M3M_UPDATE_CHANNEL ?? 'latest' }
      : null,
    // A Debian package has to name a page; .example belongs to nobody (RFC 2606).
    extraMetadata: { homepage: 'https://m3m.example' },
    linux: {
      target: ['AppImage', 'deb'],
      category: 'Development',
      maintainer: 'm3m authors <m3m@localhost>',
      synopsis: 'Mini services manager',
      mimeTypes: ['x-scheme-handler/m3m'],
    },
    mac: {
      target: ['dmg', 'zip'],
      category: 'public.app-category.developer-tools',
      hardenedRuntime: true,
      // Without an Apple team there is nobody to notarise for; the result then opens by right click only.
      notarize: env.APPLE_TEAM_ID !== undefined,
    },
    win: { target: ['nsis'] },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  }
}

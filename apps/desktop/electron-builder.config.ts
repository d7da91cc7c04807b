import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration } from 'electron-builder'
import { APP_ID } from './src/shared/app-id.ts'

/**
 * Environment of a packaging run: who publishes, where updates will be found, and where Electron lies if it is not to be
 * fetched.
 */
export interface PackagingEnv {
  /** Web page of whoever publishes the packages. */
  M3M_HOMEPAGE?: string | undefined
  /** `Name <e-mail>` of whoever publishes the packages. */
  M3M_PUBLISHER?: string | undefined
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

/** What a Debian package has to name (Debian Policy, 5.3 Maintainer; electron-builder adds the homepage). */
export const DEB_NEEDS = ['M3M_HOMEPAGE', 'M3M_PUBLISHER'] as const

/** No Debian package where nobody said who publishes it: an invented name would be a lie to those who install it. */
function linuxTargets(env: PackagingEnv): string[] {
  return DEB_NEEDS.every((name) => env[name]) ? ['AppImage', 'deb'] : ['AppImage']
}

/** What electron-builder makes of `out` (main, preload) and `dist-web` (the pages). */
export function packagingConfig(env: PackagingEnv): Configuration {
  const here = (path: string) => join(import.meta.dirname, path)
  return {
    appId: APP_ID,
    productName: 'm3m',
    copyright: 'The m3m authors (MIT)',
    directories: { output: here('release'), buildResources: here('packaging') },
    files: ['out/**', 'dist-web/**', 'package.json', '!**/*.map', '!**/.stamp'],
    icon: here('packaging/icon.png'),
    asar: true,
    // Outside of the archive: the agent runs on a Node of its own, which knows nothing of asar.
    extraResources: existsSync(AGENT_FOLDER) ? [{ from: AGENT_FOLDER, to: 'agent' }] : [],
    npmRebuild: false,
    electronFuses: FUSES,
    protocols: [{ name: 'm3m agent', schemes: ['m3m'] }],
    publish: env.M3M_UPDATE_URL
      ? { provider: 'generic', url: env.M3M_UPDATE_URL, channel: env.M3M_UPDATE_CHANNEL ?? 'latest' }
      : null,
    extraMetadata: {
      ...(env.M3M_HOMEPAGE && { homepage: env.M3M_HOMEPAGE }),
      ...(env.M3M_PUBLISHER && { author: env.M3M_PUBLISHER }),
    },
    linux: {
      target: linuxTargets(env),
      // Unless given it would be the name of the npm package. The desktop file, the icon and what Electron tells the
      // desktop of its windows (desktopName in package.json) have to be of one name.
      executableName: 'm3m',
      syncDesktopName: true,
      category: 'Development',
      synopsis: 'Mini services manager',
      ...(env.M3M_PUBLISHER && { maintainer: env.M3M_PUBLISHER }),
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

import { join } from 'node:path'
import { DEB_NEEDS, type PackagingEnv } from '../electron-builder.config.ts'

/** What `npm run package` takes. */
export const ARGUMENTS = ['--linux', '--mac', '--win', '--dir'] as const

const SYSTEM_OF: Readonly<Record<string, NodeJS.Platform>> = {
  '--linux': 'linux',
  '--mac': 'darwin',
  '--win': 'win32',
}

/** What lies in the folder of an unpacked Electron (electron's own `path.txt` names the same). */
const BINARY: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'electron',
  darwin: 'Electron.app',
  win32: 'electron.exe',
}

interface Situation {
  args: readonly string[]
  env: PackagingEnv
  platform: NodeJS.Platform
  exists: (path: string) => boolean
}

/**
 * Everything that would make packaging fail, or make packages that nobody can use, found before anything is built:
 * one sentence each, with the value at fault and what to do. Empty when nothing is known to stand in the way.
 */
export function problemsOf({ args, env, platform, exists }: Situation): string[] {
  const wrong = args.filter((arg) => !ARGUMENTS.some((known) => known === arg))
  const problems = wrong.map((arg) => `"${arg}" is none of ${ARGUMENTS.join(' ')}`)
  if (args.includes('--mac') && platform !== 'darwin')
    problems.push(
      `--mac needs a Mac: Apple's tools for disk images and signatures run on macOS only, this is ${platform}`,
    )
  const { M3M_ELECTRON_DIST: dist, M3M_UPDATE_URL: url, M3M_UPDATE_CHANNEL: channel } = env
  const binary = BINARY[platform]
  if (dist !== undefined && (binary === undefined || !exists(join(dist, binary))))
    problems.push(
      `M3M_ELECTRON_DIST is ${dist}, and there is no ${binary ?? 'Electron'} in it: name the folder of an unpacked Electron for ${platform}`,
    )
  if (url !== undefined && !/^https:\/\/[^/]/.test(url))
    problems.push(`M3M_UPDATE_URL is ${url}: updates are fetched by https only`)
  if (channel !== undefined && channel !== 'latest' && channel !== 'beta')
    problems.push(`M3M_UPDATE_CHANNEL is ${channel}: it is latest or beta`)
  const { M3M_HOMEPAGE: homepage, M3M_PUBLISHER: publisher } = env
  if (homepage !== undefined && !/^https?:\/\/[^/]/.test(homepage))
    problems.push(`M3M_HOMEPAGE is ${homepage}: it is the address of a web page, with https:// before it`)
  if (publisher !== undefined && !/^[^<>]+ <[^<>@\s]+@[^<>@\s]+>$/.test(publisher))
    problems.push(
      `M3M_PUBLISHER is ${publisher}: it is a name and an e-mail address, as in Jo Doe <jo@your.domain>`,
    )
  const { APPLE_TEAM_ID, APPLE_ID, APPLE_APP_SPECIFIC_PASSWORD } = env
  if (APPLE_TEAM_ID !== undefined && (!APPLE_ID || !APPLE_APP_SPECIFIC_PASSWORD))
    problems.push(
      'APPLE_TEAM_ID asks for notarisation, which also needs APPLE_ID and APPLE_APP_SPECIFIC_PASSWORD',
    )
  return problems
}

/**
 * What is left out since it was not said: one sentence each, with what to do. Nothing that is not said is made up.
 */
export function omissionsOf({ args, env, platform }: Omit<Situation, 'exists'>): string[] {
  const isFor = (arg: string) =>
    args.includes(arg) || (SYSTEM_OF[arg] === platform && isForThisSystem(args, platform))
  const unset = DEB_NEEDS.filter((name) => !env[name])
  const omissions: string[] = []
  if (isFor('--linux') && !args.includes('--dir') && unset.length > 0)
    omissions.push(`no Debian package: it has to name its publisher, and ${unset.join(' and ')} is not set`)
  if (!env.M3M_UPDATE_URL)
    omissions.push('no updates: the app will not look for any, M3M_UPDATE_URL is not set')
  return omissions
}

/** Whether the packages are for the system that makes them: then its Electron is used, and an agent can be packed. */
export function isForThisSystem(args: readonly string[], platform: NodeJS.Platform): boolean {
  return args.every((arg) => arg === '--dir' || SYSTEM_OF[arg] === platform)
}

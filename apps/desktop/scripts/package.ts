// npm run package [-- --linux --mac --win --dir]: installers of the desktop app in apps/desktop/release.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type CliOptions } from 'electron-builder'
import { AGENT_FOLDER, packagingConfig } from '../electron-builder.config.ts'
import { stageAgent } from './stage-agent.ts'

const NEEDS = `npm run package makes installers of the desktop app for this system (--linux, --mac, --win for
others, --dir for an unpacked folder). It needs
  · Electron's binary: fetched from GitHub's releases on first use (100 MB), or a folder named by M3M_ELECTRON_DIST
  · macOS packages: a Mac. To sign: a Developer ID certificate in the keychain or CSC_LINK + CSC_KEY_PASSWORD. To
    notarise: APPLE_TEAM_ID, APPLE_ID, APPLE_APP_SPECIFIC_PASSWORD
  · Windows installers on Linux or macOS: wine. To sign: CSC_LINK + CSC_KEY_PASSWORD
  · the agent for "This computer": packed for the system that packages (Linux, macOS), with its own Node
  · updates: M3M_UPDATE_URL, the https folder in which the release files will lie; without it the app never looks
Without a signature the packages work, but macOS and Windows warn at first start.`

const root = resolve(import.meta.dirname, '../../..')
const args = process.argv.slice(2)
const known = ['--linux', '--mac', '--win', '--dir']
const wrong = args.find((arg) => !known.includes(arg))

process.stdout.write(`${NEEDS}\n`)
if (wrong !== undefined && wrong !== '--help') console.error(`\n"${wrong}" is none of ${known.join(' ')}`)
if (wrong === undefined) process.exitCode = await makePackages()
else process.exitCode = wrong === '--help' ? 0 : 2

const foreign = { '--linux': 'linux', '--mac': 'darwin', '--win': 'win32' }
const isForThisSystem = args.every(
  (arg) => arg === '--dir' || foreign[arg as keyof typeof foreign] === process.platform,
)

async function makePackages(): Promise<number> {
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.ts'), 'prelude', 'web', 'desktop'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (built.status !== 0) return 1
  // Packages are those of this system, so an agent can be packed for it only; elsewhere the app adds agents by address.
  if (isForThisSystem) stageAgent(root, AGENT_FOLDER)
  else rmSync(AGENT_FOLDER, { recursive: true, force: true })
  const options: CliOptions = {
    projectDir: resolve(import.meta.dirname, '..'),
    config: packagingConfig(process.env),
    publish: 'never',
    ...(args.includes('--linux') && { linux: [] }),
    ...(args.includes('--mac') && { mac: [] }),
    ...(args.includes('--win') && { win: [] }),
    ...(args.includes('--dir') && { dir: true }),
  }
  try {
    const files = await build(options)
    process.stdout.write(`\nMade:\n${files.map((file) => `  ${file}`).join('\n')}\n`)
    return 0
  } catch (error) {
    console.error(`\nPackaging failed: ${error instanceof Error ? error.message : String(error)}`)
    console.error("If Electron's binary could not be fetched, name its folder by M3M_ELECTRON_DIST.")
    return 1
  }
}

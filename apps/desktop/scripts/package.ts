// npm run package [-- --linux --mac --win --dir]: installers of the desktop app in apps/desktop/release.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type CliOptions } from 'electron-builder'
import { AGENT_FOLDER, packagingConfig } from '../electron-builder.config.ts'
import { electronBinary } from './electron-binary.ts'
import { isForThisSystem, omissionsOf, problemsOf } from './preflight.ts'
import { stageAgent } from '../../../scripts/package/stage-agent.ts'

const NEEDS = `npm run package makes installers of the desktop app for this system (--linux, --mac, --win for
others, --dir for an unpacked folder). It needs
  · Electron's binary: fetched from GitHub's releases on first use (100 MB), or a folder named by M3M_ELECTRON_DIST
  · macOS packages: a Mac. To sign: a Developer ID certificate in the keychain or CSC_LINK + CSC_KEY_PASSWORD. To
    notarise: APPLE_TEAM_ID, APPLE_ID, APPLE_APP_SPECIFIC_PASSWORD
  · Windows installers on Linux or macOS: wine. To sign: CSC_LINK + CSC_KEY_PASSWORD
  · the agent for "This computer": packed for the system that packages (Linux, macOS), with its own Node
  · a Debian package: M3M_PUBLISHER, as in "Jo Doe <jo@your.domain>", and M3M_HOMEPAGE, your page about the app
  · updates: M3M_UPDATE_URL, the https folder in which the release files will lie; without it the app never looks.
    M3M_UPDATE_CHANNEL: latest (unless given) or beta
Without a signature the packages work, but macOS and Windows warn at first start.`

const root = resolve(import.meta.dirname, '../../..')
const args = process.argv.slice(2)

process.stdout.write(`${NEEDS}\n`)
if (!args.includes('--help')) process.exitCode = await makePackages()

async function makePackages(): Promise<number> {
  const { env, platform } = process
  const problems = problemsOf({ args, env, platform, exists: existsSync })
  if (problems.length > 0) return refuse(problems, 2)
  for (const left of omissionsOf({ args, env, platform })) process.stdout.write(`\n· ${left}.\n`)
  // Packages of this system use its Electron; for others electron-builder fetches theirs.
  const isOurs = isForThisSystem(args, platform)
  const electronDist = isOurs ? electronBinary(root, env['M3M_ELECTRON_DIST']) : undefined
  if (electronDist === null)
    return refuse(
      [
        "Electron's binary could not be fetched (why is said above). Fetch it where the network allows it and name its folder by M3M_ELECTRON_DIST",
      ],
      1,
    )
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.ts')], { cwd: root, stdio: 'inherit' })
  if (built.status !== 0) return 1
  // An agent can be packed for this system only; elsewhere the app adds agents by address.
  if (isOurs) stageAgent(root, AGENT_FOLDER)
  else rmSync(AGENT_FOLDER, { recursive: true, force: true })
  const options: CliOptions = {
    projectDir: resolve(import.meta.dirname, '..'),
    config: { ...packagingConfig(env), ...(electronDist !== undefined && { electronDist }) },
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
    return refuse([`Packaging failed: ${error instanceof Error ? error.message : String(error)}`], 1)
  }
}

function refuse(problems: readonly string[], code: number): number {
  console.error(`\n${problems.map((problem) => `✗ ${problem}.`).join('\n')}`)
  return code
}

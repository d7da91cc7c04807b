import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { FUSES, packagingConfig } from '../electron-builder.config.ts'
import { drawIcons, ICONS } from '../scripts/icons.ts'
import { isForThisSystem, omissionsOf, problemsOf } from '../scripts/preflight.ts'

const app = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'm3m-packaging-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// electron-builder keeps these to itself: its own schema and its own way of setting fuses are what is to be tested.
const require = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
const builderFolder = resolve(require.resolve('app-builder-lib'), '../..')
const { validateConfiguration } = require(join(builderFolder, 'out/util/config/config.js')) as {
  validateConfiguration(config: object, logger: object): Promise<void>
}

describe('what electron-builder is told', () => {
  test.each([
    {},
    { M3M_UPDATE_URL: 'https://updates.example.com/m3m', M3M_UPDATE_CHANNEL: 'beta' },
    { APPLE_TEAM_ID: 'TEAM', APPLE_ID: 'a@b.c', APPLE_APP_SPECIFIC_PASSWORD: 'x' },
  ])('fits its own schema (%#)', async (env) => {
    const logger = { isEnabled: false, add() {} }
    await validateConfiguration(packagingConfig(env), logger)
    const misspelt = { ...packagingConfig(env), electronFuse: FUSES }
    await expect(validateConfiguration(misspelt, logger)).rejects.toThrow(/electronFuse/)
  })

  test('names what is there or is made by the build', () => {
    const { directories, files, icon } = packagingConfig({})
    const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as Record<string, string>
    expect(existsSync(directories!.buildResources!)).toBe(true)
    expect(ICONS.map(({ path }) => join(app, path))).toContain(icon)
    expect(manifest['main']).toBe('out/main/index.js')
    expect(files).toEqual(expect.arrayContaining(['out/**', 'dist-web/**', 'package.json']))
    expect(manifest['description']).toBeTruthy()
    // The name of the desktop file, of the program and of its windows is one.
    const { executableName } = packagingConfig({}).linux!
    expect(manifest['desktopName']).toBe(`${executableName}.desktop`)
    expect(manifest['productName']).toBe(packagingConfig({}).productName)
  })

  test('is one archive, without the remote module, and its pages come from nowhere else', () => {
    const { asar, files } = packagingConfig({})
    const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>
    }
    expect([asar, FUSES.onlyLoadAppFromAsar, FUSES.enableEmbeddedAsarIntegrityValidation]).toEqual([
      true,
      true,
      true,
    ])
    expect(Object.keys(manifest.dependencies ?? {})).not.toContain('@electron/remote')
    expect(JSON.stringify(files)).not.toContain('node_modules')
  })

  test('who publishes is who was said to, and no Debian package is made where nobody was', () => {
    const silent = packagingConfig({})
    expect(JSON.stringify(silent)).not.toMatch(/https?:|@/)
    expect(silent.linux?.target).toEqual(['AppImage'])
    const M3M_PUBLISHER = 'Jo Doe <jo@example.com>'
    const said = packagingConfig({ M3M_PUBLISHER, M3M_HOMEPAGE: 'https://example.com/m3m' })
    expect(said.linux).toMatchObject({ target: ['AppImage', 'deb'], maintainer: M3M_PUBLISHER })
    expect(said.extraMetadata).toEqual({ author: M3M_PUBLISHER, homepage: 'https://example.com/m3m' })
  })

  test('updates come from the place and the channel that were given, and from nowhere else', () => {
    expect(packagingConfig({}).publish).toBeNull()
    const url = 'https://updates.example.com/m3m'
    expect(packagingConfig({ M3M_UPDATE_URL: url }).publish).toEqual({
      provider: 'generic',
      url,
      channel: 'latest',
    })
    expect(packagingConfig({ M3M_UPDATE_URL: url, M3M_UPDATE_CHANNEL: 'beta' }).publish).toMatchObject({
      channel: 'beta',
    })
  })
})

test('the fuses are set in a binary as the list says, by what packaging uses', async () => {
  interface Fuses {
    flipFuses(path: string, config: object): Promise<number>
    getCurrentFuseWire(path: string): Promise<Record<string, number>>
    FuseV1Options: Record<string, number>
  }
  const ofBuilder = createRequire(join(builderFolder, 'package.json'))
  const { flipFuses, getCurrentFuseWire, FuseV1Options } = ofBuilder('@electron/fuses') as Fuses
  const { PlatformPackager } = require('app-builder-lib') as {
    PlatformPackager: { prototype: { generateFuseConfig(fuses: object): Promise<object> } }
  }
  // What is at this place in every Electron: a mark, the version and the length of the wire, one byte for each fuse.
  const binary = join(folder, 'electron')
  const before = Object.keys(FUSES).map((name) => (FUSES[name as keyof typeof FUSES] ? '0' : '1'))
  const wire = Buffer.from([1, before.length, ...Buffer.from(before.join(''))])
  writeFileSync(
    binary,
    Buffer.concat([Buffer.from('some code dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), wire, Buffer.from(' more')]),
  )
  await flipFuses(binary, await PlatformPackager.prototype.generateFuseConfig(FUSES))
  const now = await getCurrentFuseWire(binary)
  const stateOf = (name: string) => now[FuseV1Options[`${name[0]!.toUpperCase()}${name.slice(1)}`]!]
  const asListed = Object.entries(FUSES).map(([name, isOn]) => [name, (isOn ? '1' : '0').charCodeAt(0)])
  expect(Object.keys(FUSES).map((name) => [name, stateOf(name)])).toEqual(asListed)
})

test('every icon is drawn from the one drawing, at its size', async () => {
  await drawIcons(folder)
  for (const { path, sizePx, look } of ICONS) {
    const image = sharp(join(folder, path))
    expect(await image.metadata()).toMatchObject({ format: 'png', width: sizePx, height: sizePx })
    const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    const pixels = Array.from({ length: info.width * info.height }, (_, at) => [
      ...data.subarray(at * 4, at * 4 + 4),
    ])
    expect(pixels[0]![3], `${path}: its corners are empty`).toBe(0)
    // What macOS takes as a mask is black of any strength; the others have the drawing's ground and a light letter.
    const colours = new Set(pixels.filter(([, , , alpha]) => alpha === 255).map((pixel) => pixel.join()))
    if (look === 'mark') expect([...colours], path).toEqual(['0,0,0,255'])
    else expect(colours.has('24,24,27,255'), path).toBe(true)
  }
  // Electron finds the pictures for dense screens by the ending of their names.
  const tray = ICONS.map(({ path }) => path).filter((path) => path.includes('/tray/'))
  for (const name of ['mark', 'markTemplate'])
    expect(tray).toEqual(
      expect.arrayContaining(
        [`${name}.png`, `${name}@2x.png`].map((file) => expect.stringMatching(`/tray/${file}$`)),
      ),
    )
})

describe('before anything is built', () => {
  const here = { args: [], env: {}, platform: 'linux', exists: () => false } as const

  test('nothing is wrong with an ordinary run', () => {
    expect(problemsOf(here)).toEqual([])
    expect(problemsOf({ ...here, args: ['--linux', '--win', '--dir'] })).toEqual([])
    expect(
      problemsOf({ ...here, env: { M3M_ELECTRON_DIST: '/e' }, exists: (path) => path === '/e/electron' }),
    ).toEqual([])
  })

  test.each([
    [{ args: ['--linus'] }, /"--linus" is none of/],
    [{ args: ['--mac'] }, /needs a Mac/],
    [{ env: { M3M_ELECTRON_DIST: '/nowhere' } }, /\/nowhere, and there is no electron in it/],
    [{ env: { M3M_UPDATE_URL: 'http://updates.example.com' } }, /https only/],
    [{ env: { M3M_HOMEPAGE: 'example.com' } }, /example.com: it is the address of a web page/],
    [{ env: { M3M_PUBLISHER: 'Jo Doe' } }, /Jo Doe: it is a name and an e-mail address/],
    [{ env: { M3M_UPDATE_CHANNEL: 'nightly' } }, /nightly: it is latest or beta/],
    [{ env: { APPLE_TEAM_ID: 'TEAM' } }, /also needs APPLE_ID and APPLE_APP_SPECIFIC_PASSWORD/],
  ])('what cannot work is said with the value at fault (%#)', (change, expected) => {
    expect(problemsOf({ ...here, ...change })).toEqual([expect.stringMatching(expected)])
  })

  test('what is left out since it was not set is told, with the name to set', () => {
    expect(omissionsOf(here)).toEqual([
      expect.stringMatching(/no Debian package.*M3M_HOMEPAGE and M3M_PUBLISHER/),
      expect.stringMatching(/no updates.*M3M_UPDATE_URL/),
    ])
    const M3M_PUBLISHER = 'Jo Doe <jo@example.com>'
    const env = {
      M3M_PUBLISHER,
      M3M_HOMEPAGE: 'https://example.com',
      M3M_UPDATE_URL: 'https://example.com/u',
    }
    expect(omissionsOf({ ...here, env })).toEqual([])
    expect(omissionsOf({ ...here, args: ['--win'] })).toEqual([expect.stringMatching(/no updates/)])
  })

  test('only packages for this very system use its Electron and carry an agent', () => {
    expect(isForThisSystem([], 'linux')).toBe(true)
    expect(isForThisSystem(['--linux', '--dir'], 'linux')).toBe(true)
    expect(isForThisSystem(['--linux', '--win'], 'linux')).toBe(false)
  })

  test('the command itself ends with what is wrong, having built nothing', () => {
    const made = spawnSync(process.execPath, [join(app, 'scripts/package.ts'), '--dir'], {
      encoding: 'utf8',
      env: { ...process.env, M3M_ELECTRON_DIST: join(folder, 'no-such-folder') },
    })
    expect(made.status).toBe(2)
    expect(made.stdout).toContain('It needs')
    expect(made.stdout).not.toContain('built')
    expect(made.stderr).toMatch(/M3M_ELECTRON_DIST is .*no-such-folder/)
  }, 60_000)
})

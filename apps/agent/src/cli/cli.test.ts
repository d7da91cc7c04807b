import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runAgent } from '../testing.ts'

let home: string
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'm3m-cli-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

const config = (yaml: string) => writeFileSync(join(home, 'config.yaml'), yaml)

describe('the command line', () => {
  it('lists its commands, and asks for one', async () => {
    const help = await runAgent(['help'], { home })
    expect(help.code).toBe(0)
    for (const name of [
      'serve',
      'new-admin <email> <password>',
      'reset-password',
      'install-service',
      'doctor',
      'version',
    ])
      expect(help.output).toContain(name)
    expect(await runAgent([], { home })).toEqual({ ...help, code: 2 })
  })

  it.each([
    [['sing'], 'There is no command "sing".'],
    [['new-admin', 'a@b.c'], 'Usage: m3m-agent new-admin <email> <password>'],
    [['new-admin', 'a@b.c', 'p', 'more'], '"more" is one word too many.'],
    [['serve', '--prot', '1'], 'Usage: m3m-agent serve'],
    [['new-admin', 'not an address', 'a long enough password'], 'An e-mail address looks like'],
    [['new-admin', 'a@b.c', 'short'], 'A password has at least 8 characters.'],
    [['install-service', '--user', '--system'], 'exclude each other'],
  ])('ends with 2 and the usage on a wrong command line: %j', async (args, text) => {
    const { code, output } = await runAgent(args, { home })
    expect(output).toContain(text)
    expect(code).toBe(2)
  })

  it('tells of one command', async () => {
    const { code, output } = await runAgent(['install-service', '--help'], { home })
    expect(code).toBe(0)
    expect(output).toContain('--print  show the unit, write nothing')
  })

  it('names its version and the Node it runs on', async () => {
    const { output } = await runAgent(['version'], { home })
    expect(output).toMatch(/^m3m-agent \d+\.\d+\.\d+ \(node \d+\./)
  })
})

describe('serve', () => {
  it.each([
    ['server:\n  prot: 3000\n', {}, 'config.yaml:2: unknown key "server.prot"; did you mean "port"?'],
    ['server:\n  port: x\n', {}, 'config.yaml:2: server.port: '],
    ['jwt:\n  secret: change-me\n', {}, 'config.yaml:2: jwt.secret is weak: it has 9 characters'],
    ['', { M3M_LOGGING_LEVEL: 'loud' }, 'M3M_LOGGING_LEVEL: logging.level: '],
  ])('refuses %j %j with exit 1, before it writes a thing', async (yaml, env, message) => {
    config(yaml)
    const { code, output } = await runAgent(['serve'], { home, env: env as Record<string, string> })
    expect(output).toContain(message)
    expect(code).toBe(1)
    expect(existsSync(join(home, 'data', 'jwt.secret'))).toBe(false)
    expect(readdirSync(home).filter((name) => name === 'storage')).toEqual([])
  })
})

describe('install-service', () => {
  it('shows the unit it would write', async () => {
    config('')
    const { code, output } = await runAgent(['install-service', '--print', '--user'], { home })
    expect(code).toBe(0)
    expect(output).toContain(`serve -c ${join(home, 'config.yaml')}`)
    expect(output).toContain('Restart=always')
  })

  it.skipIf(existsSync('/run/systemd/system'))(
    'says so where there is no systemd, and writes nothing',
    async () => {
      const { code, output } = await runAgent(['install-service', '--user'], {
        home,
        env: { XDG_CONFIG_HOME: home },
      })
      expect(code).toBe(1)
      expect(output).toContain('install-service needs systemd')
      expect(readdirSync(home)).toEqual([])
    },
  )
})

describe('the launcher', () => {
  const launcher = fileURLToPath(new URL('../../bin/m3m-agent.cjs', import.meta.url))
  const system = '/usr/bin/node'

  it.skipIf(!existsSync(system))("runs under the system's Node and hands its exit code on", async () => {
    const run = (args: string[]) =>
      new Promise<{ code: number; output: string }>((resolve) =>
        execFile(system, [launcher, ...args], { cwd: home }, (error, stdout, stderr) =>
          resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
        ),
      )
    expect(await run(['version'])).toMatchObject({ code: 0, output: expect.stringContaining('(node 26.') })
    expect(await run(['sing'])).toMatchObject({ code: 2, output: expect.stringContaining('no command') })
  })

  it('runs directly on a Node that will do', async () => {
    const child = spawn(process.execPath, [launcher, 'version'], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    for await (const chunk of child.stdout) output += String(chunk)
    expect(output).toContain('m3m-agent ')
  })
})

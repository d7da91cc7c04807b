// Agents set up in other ways than the default one.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get as httpsGet } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { openDatastore } from '@m3m/datastore'
import { runAgent, startAgent } from '../src/testing.ts'
import { ROOT, signIn } from './panel-client.ts'
import { COMMANDS, descendants, endIfThere, isAlive, until } from './processes.ts'

// Several processes start in each test: seconds on an idle machine, much more on a loaded one.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

let home: string
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'm3m-options-'))))
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 10 }))

describe('server.tls: auto', () => {
  it('prints the fingerprint, serves pages and sockets by TLS, and keeps its certificate', async () => {
    const env = { M3M_SERVER_TLS: 'auto' }
    await using agent = await startAgent({ home, env })
    expect(agent.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(agent.servicesUrl).toMatch(/^https:/)
    const printed = /SHA-256 ([0-9A-F:]{95})/.exec(agent.output())![1]
    const ca = readFileSync(join(home, 'data', 'tls-cert.pem'))
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const request = httpsGet(`${agent.url}/trpc/auth.me`, { ca }, (response) => {
        resolve(response.headers)
        response.resume()
      })
      request.on('error', reject)
    })
    expect(headers['content-security-policy']).toBeDefined()
    const socket = new WebSocket(`${agent.url.replace('https', 'wss')}/trpc`, { ca, origin: agent.url })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    socket.terminate()
    await agent.stop()
    await using again = await startAgent({ home, env })
    expect(again.output()).toContain(`SHA-256 ${printed}`)
  })
})

describe('server.servicesPort: off', () => {
  it('leaves services to the port of the panel', async () => {
    await using agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
    expect(agent.output()).toContain(`Services  ${agent.url}/r/{project}/`)
    const response = await fetch(`${agent.url}/trpc/agent.info`)
    expect(await response.json()).toMatchObject({ result: { data: { services: { uri: null, port: null } } } })
  })
})

describe('mongodb.uri', () => {
  it('keeps everything in that server and starts none of its own', async () => {
    const serverHome = mkdtempSync(join(tmpdir(), 'm3m-server-'))
    await using server = await openDatastore({ path: serverHome })
    const env = { M3M_MONGODB_URI: server.uri, M3M_MONGODB_DATABASE: 'elsewhere' }
    expect(await runAgent(['new-admin', ROOT.email, ROOT.password], { home, env })).toMatchObject({ code: 0 })
    await using agent = await startAgent({ home, env })
    expect(agent.output()).toContain('(records in MongoDB)')
    expect(descendants(agent.process.pid!).filter(({ command }) => COMMANDS.datastore.test(command))).toEqual(
      [],
    )
    expect(existsSync(join(home, 'data', 'mongo.sqlite'))).toBe(false)
    await signIn(agent.url)
    expect(await server.client.db('elsewhere').collection('users').countDocuments()).toBe(1)

    const doctor = await runAgent(['doctor'], { home, env })
    expect(doctor.output).toMatch(/^warn +mongodb\.runtimeUri: is not set/m)
    expect(doctor.code).toBe(0)
    rmSync(serverHome, { recursive: true, force: true })
  })

  it('that does not answer is named, without its password', async () => {
    const env = { M3M_MONGODB_URI: 'mongodb://me:hidden@127.0.0.1:1/?serverSelectionTimeoutMS=200' }
    const { code, output } = await runAgent(['serve'], { home, env: { ...env, M3M_SERVER_PORT: '0' } })
    expect(code).toBe(1)
    expect(output).toContain('MongoDB at mongodb://127.0.0.1:1')
    expect(output).not.toContain('hidden')
  })
})

describe('a damaged datastore', () => {
  it('is refused with the reason, and not touched', async () => {
    const file = join(home, 'data', 'mongo.sqlite')
    mkdirSync(join(home, 'data'))
    const bytes = Buffer.alloc(16_384, 'not a database ')
    writeFileSync(file, bytes)
    const { code, output } = await runAgent(['serve'], { home, env: { M3M_SERVER_PORT: '0' } })
    expect(output).toContain(`The datastore file "${file}" is damaged`)
    expect(code).toBe(1)
    expect(readFileSync(file)).toEqual(bytes)
  })
})

describe('a datastore that keeps ending', () => {
  it('ends the agent with 1 and the reason, so that its supervisor can start it anew', async () => {
    const agent = await startAgent({ home })
    const children = descendants(agent.process.pid!)
    let exit: number | null | undefined
    agent.process.once('exit', (code) => (exit = code))
    await until(() => {
      const store = descendants(agent.process.pid!).find(({ command }) => COMMANDS.datastore.test(command))
      if (store) endIfThere(store)
      return exit !== undefined
    }, 'the end of the agent')
    expect(exit).toBe(1)
    expect(agent.output()).toContain('ended 6 times within a minute')
    expect(children.filter(isAlive)).toEqual([])
  })
})

describe('an agent whose starter has ended', () => {
  it('goes on though nobody reads what it prints, and hears its signals', async () => {
    const agent = await startAgent({ home })
    agent.process.stdout!.destroy()
    agent.process.stderr!.destroy()
    const log = () => readFileSync(join(home, 'logs/agent.log'), 'utf8')
    // What it prints when a datastore ends is the first that nobody hears.
    endIfThere(descendants(agent.process.pid!).find(({ command }) => COMMANDS.datastore.test(command))!)
    await until(() => /datastore/.test(log()), 'a line about the datastore')
    await until(async () => (await fetch(`${agent.url}/health`)).ok, 'an answer')
    expect(await agent.stop()).toBe(0)
    expect(log()).not.toContain('outside every request')
  })
})

describe('the doctor', () => {
  it('says what to do before a first start, and changes nothing', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const env = { M3M_SERVER_PORT: String(port), M3M_SERVER_HOST: '0.0.0.0', M3M_SERVER_SERVICES_PORT: 'off' }
    const { code, output } = await runAgent(['doctor'], { home, env })
    other.close()
    expect(output).toMatch(
      new RegExp(`^fail +server\\.port: 0\\.0\\.0\\.0:${port}: .*choose another port`, 'm'),
    )
    expect(output).toMatch(/^warn +server\.host: .*plain http/m)
    expect(output).toMatch(/^ok +datastore: embedded; is made at first start/m)
    expect(code).toBe(1)
    expect(existsSync(join(home, 'data'))).toBe(false)
  })
})

describe('a second signal', () => {
  it('ends at once what a slow service would hold up, and leaves no process', async () => {
    await using agent = await startAgent({ home })
    await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
    const panel = await signIn(agent.url)
    const { id: projectId } = await panel.mutate<{ id: string }>('projects.create', {
      name: 'Slow',
      slug: 'slow',
    })
    const code = `service.shutdown(() => new Promise(() => {}))\nrouter.get('/', () => 'here')\n`
    await panel.mutate('pipeline.saveFiles', {
      projectId,
      branch: 'develop',
      files: [{ path: 'main.js', code }],
    })
    await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
    const children = descendants(agent.process.pid!)
    let exit: number | null | undefined
    agent.process.once('exit', (code) => (exit = code))
    agent.process.kill('SIGTERM')
    await until(() => agent.output().includes('stopping: services drain'), 'the agent drains')
    const hurry = setInterval(() => agent.process.kill('SIGTERM'), 400)
    await until(() => exit !== undefined, 'its end')
    clearInterval(hurry)
    expect(exit).toBe(130)
    await until(() => !children.some(isAlive), 'the end of its children')
  })
})

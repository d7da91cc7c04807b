import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { messageOf } from '@m3m/base'
import { weakness } from '../config/jwt-secret.ts'
import type { AgentConfig } from '../config/read-config.ts'
import { servingProcess } from '../serve/agent-lock.ts'
import type { Finding } from './doctor.ts'
import { datastoreCheck } from './doctor-datastore.ts'

type Check = (config: AgentConfig) => Finding[] | Promise<Finding[]>

/** Below this, logs and the datastore's own housekeeping get tight. */
const LEAST_FREE_BYTES = 1024 ** 3

/** Every look of the doctor, in the order of the report. */
export const checks: readonly Check[] = [node, addon, secret, folders, network, ports, ui, datastoreCheck]

function node(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const supported = major > 24 || (major === 24 && minor >= 15)
  const text = supported
    ? process.versions.node
    : `${process.versions.node} is too old; 24.15 or newer is needed`
  return [{ level: supported ? 'ok' : 'fail', subject: 'node', text }]
}

/** In a process of its own, as runners load it: a wrong binary may end the process. */
async function addon(): Promise<Finding[]> {
  const script = `const ivm = require('isolated-vm'); new ivm.Isolate({ memoryLimit: 8 }).dispose()`
  const cwd = dirname(fileURLToPath(import.meta.resolve('@m3m/runtime')))
  try {
    await promisify(execFile)(process.execPath, ['--no-node-snapshot', '-e', script], {
      cwd,
      timeout: 20_000,
    })
    return [{ level: 'ok', subject: 'isolates', text: 'isolated-vm loads' }]
  } catch (error) {
    const reason =
      messageOf(error)
        .split('\n')
        .find((line) => line.includes('Error')) ?? messageOf(error)
    const text = `isolated-vm does not load (${reason}); run "npm ci" with this Node, on glibc 2.28+ or macOS`
    return [{ level: 'fail', subject: 'isolates', text }]
  }
}

function secret(config: AgentConfig): Finding[] {
  const file = join(config.datastore.path, 'jwt.secret')
  const given = config.jwt.secret
  if (given === undefined && !existsSync(file))
    return [{ level: 'ok', subject: 'jwt.secret', text: 'is made at first start' }]
  const reason = weakness(given ?? readFileSync(file, 'utf8').trim())
  const place = given === undefined ? file : config.placeOf(['jwt', 'secret'])
  if (reason) return [{ level: 'fail', subject: 'jwt.secret', text: `${place}: ${reason}` }]
  const open = given === undefined && (statSync(file).mode & 0o077) !== 0
  if (open) return [{ level: 'warn', subject: 'jwt.secret', text: `others may read ${file}; chmod 600 it` }]
  return [{ level: 'ok', subject: 'jwt.secret', text: place }]
}

function folders({ datastore, storage, logging }: AgentConfig): Finding[] {
  const all = { 'datastore.path': datastore.path, 'storage.path': storage.path, 'logging.path': logging.path }
  return Object.entries(all).map(([subject, folder]) => {
    let at = folder
    while (!existsSync(at)) at = dirname(at)
    try {
      accessSync(at, constants.W_OK | constants.X_OK)
      const { bavail, bsize } = statfsSync(at)
      const free = bavail * bsize
      const text = `${folder}, ${(free / 1024 ** 3).toFixed(1)} GB free`
      return { level: free < LEAST_FREE_BYTES ? 'warn' : 'ok', subject, text }
    } catch (error) {
      return { level: 'fail', subject, text: `${folder} cannot be written (${messageOf(error)})` }
    }
  })
}

function network({ server }: AgentConfig): Finding[] {
  const loopback = /^(localhost|127\..*|::1)$/.test(server.host)
  const behindTls = server.uri?.startsWith('https:') === true && server.trustedProxies.length > 0
  if (loopback || server.tls !== 'off' || behindTls)
    return [{ level: 'ok', subject: 'server.host', text: server.host }]
  const text = `${server.host} is reached by plain http: passwords cross the network readable. Set server.tls to auto, or put a proxy with TLS in front (server.uri, server.trustedProxies)`
  return [{ level: 'warn', subject: 'server.host', text }]
}

async function ports(config: AgentConfig): Promise<Finding[]> {
  const serving = servingProcess(config.datastore.path)
  if (serving !== null) return [{ level: 'ok', subject: 'agent', text: `serves now, process ${serving}` }]
  const { host, port, servicesPort = port === 0 ? 0 : port + 1 } = config.server
  const wanted: [string, number][] = [['server.port', port]]
  if (servicesPort !== 'off') wanted.push(['server.servicesPort', servicesPort])
  return Promise.all(
    wanted.map(async ([subject, number]): Promise<Finding> => {
      const reason = await whyTaken(host, number)
      if (reason === null) return { level: 'ok', subject, text: `${host}:${number} is free` }
      return {
        level: 'fail',
        subject,
        text: `${host}:${number}: ${reason}; end that program or choose another port`,
      }
    }),
  )
}

function whyTaken(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(messageOf(error)))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

function ui(): Finding[] {
  const index = new URL('../../../desktop/dist-web/index.html', import.meta.url)
  if (existsSync(index)) return [{ level: 'ok', subject: 'panel', text: 'is built' }]
  return [
    { level: 'warn', subject: 'panel', text: 'is not built; run "npm run build" ("npm start" does it)' },
  ]
}

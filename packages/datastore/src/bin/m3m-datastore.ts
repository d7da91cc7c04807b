#!/usr/bin/env node
// Serves a datastore's folder on a port of the loopback, so that MongoDB's own tools can look into it.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { messageOf } from '@m3m/base'

// before any pattern is compiled: see query/regex-safety.ts
setFlagsFromString('--enable-experimental-regexp-engine')
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')

const USAGE = `m3m-datastore --dbpath <folder> [--port 27017] [--database m3m]

Serves the embedded datastore of <folder> on 127.0.0.1 to MongoDB's tools and drivers. The password is made at the
first start and kept in <folder>/password (0600). Not while an agent serves the folder: see "m3m-agent datastore-uri".`

const USER = 'm3m'

/** The folder's password, made when there is none. */
function passwordOf(folder: string): string {
  const file = join(folder, 'password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dbpath: { type: 'string' },
      port: { type: 'string', default: '27017' },
      database: { type: 'string', default: 'm3m' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help || !values.dbpath || !/^\d{1,5}$/.test(values.port)) {
    process.stdout.write(`${USAGE}\n`)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const { startServer } = await import('../process/start-server.ts')
  mkdirSync(values.dbpath, { recursive: true, mode: 0o700 })
  const folder = realpathSync(values.dbpath)
  const password = passwordOf(folder)
  const tcp = { user: USER, password, port: Number(values.port) }
  const server = await startServer({ folder, dataDatabase: `${values.database}_data`, tcp })
  process.stdout.write(`mongodb://${USER}:${password}@127.0.0.1:${server.port}/?directConnection=true\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)))
  }
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}

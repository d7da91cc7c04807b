import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatastore, type Datastore } from '../open-datastore.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'm3m-process-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

const things = (datastore: Datastore) => datastore.data.collection<{ _id: number }>('things')

/** False also for a process that has ended and that nobody has asked after yet. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

test('what was written is there after closing and opening again', async () => {
  {
    await using first = await openDatastore({ path })
    await things(first).insertOne({ _id: 1 })
  }
  await using second = await openDatastore({ path })
  expect(await things(second).find().toArray()).toEqual([{ _id: 1 }])
})

test('sockets and files are for this user only', async () => {
  await using datastore = await openDatastore({ path })
  const socket = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(datastore.uri)![1]!)
  expect(socket.length).toBeLessThanOrEqual(107)
  expect(statSync(socket).mode & 0o777).toBe(0o600)
  expect(statSync(join(socket, '..')).mode & 0o777).toBe(0o700)
})

test('a second opener is refused and told who holds the folder, an attaching one shares it', async () => {
  await using first = await openDatastore({ path })
  const error = await openDatastore({ path }).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'DATASTORE_LOCKED' })
  expect(error.message).toContain(String(first.pid))
  {
    await using attached = await openDatastore({ path, attach: true })
    await things(attached).insertOne({ _id: 5 })
  }
  expect(await things(first).countDocuments()).toBe(1)
})

test('attaching opens the folder when nobody serves it', async () => {
  await using datastore = await openDatastore({ path, attach: true })
  expect(datastore.pid).toBeGreaterThan(0)
})

test('a killed server is started again, and clients go on as if nothing had been', async () => {
  await using datastore = await openDatastore({ path })
  for (let round = 0; round < 3; round++) {
    await things(datastore).insertOne({ _id: round })
    const { pid } = datastore
    process.kill(pid!, 'SIGKILL')
    await things(datastore).insertOne({ _id: round + 100 })
    expect(datastore.pid).not.toBe(pid)
  }
  expect(await things(datastore).countDocuments()).toBe(6)
})

test('a server that ends again and again is given up, loudly', async () => {
  const failed = Promise.withResolvers<Error>()
  await using datastore = await openDatastore({ path, onFailure: failed.resolve })
  let last = 0
  const over = new AbortController()
  void failed.promise.then(() => over.abort())
  while (!over.signal.aborted) {
    const { pid } = datastore
    if (pid && pid !== last && isAlive(pid)) {
      last = pid
      process.kill(pid, 'SIGKILL')
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(await failed.promise).toMatchObject({ code: 'DATASTORE_GAVE_UP' })
})

test('the server leaves when its parent is killed, and the next one opens at once', async () => {
  const holder = spawn(
    process.execPath,
    [fileURLToPath(new URL('testing/holder.ts', import.meta.url)), path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = (await once(holder.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  expect(isAlive(pid)).toBe(true)
  holder.kill('SIGKILL')
  await using datastore = await openDatastore({ path })
  expect(isAlive(pid)).toBe(false)
  expect(await things(datastore).countDocuments()).toBe(0)
})

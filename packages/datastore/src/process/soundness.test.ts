import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatastore, type Datastore } from '../open-datastore.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'm3m-process-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

const things = (datastore: Datastore) => datastore.data.collection<{ _id: number }>('things')

describe('a file that is not sound is refused and not touched:', () => {
  async function refusal(): Promise<{ code?: string; message: string }> {
    const before = snapshot()
    const error = await openDatastore({ path }).then(
      async (datastore) => {
        await datastore[Symbol.asyncDispose]()
        throw new Error('it opened')
      },
      (thrown) => thrown,
    )
    expect(snapshot()).toEqual(before)
    return error
  }

  const file = () => join(path, 'mongo.sqlite')
  const snapshot = () =>
    readdirSync(path)
      .filter((name) => name === 'mongo.sqlite' || name === 'mongo.sqlite-wal')
      .map((name) => [name, readFileSync(join(path, name)).toString('base64')])

  async function fill(): Promise<void> {
    await using datastore = await openDatastore({ path })
    await things(datastore).insertMany(
      Array.from({ length: 5000 }, (_, _id) => ({ _id, text: 'x'.repeat(200) })),
    )
    await things(datastore).createIndex({ text: 1 })
  }

  test('something else altogether', async () => {
    writeFileSync(file(), 'not a database at all, but long enough to look at it twice'.repeat(100))
    expect(await refusal()).toMatchObject({ code: 'DATASTORE_DAMAGED' })
  })

  test('another database', async () => {
    const db = new DatabaseSync(file())
    db.exec('CREATE TABLE t(a)')
    db.close()
    expect(await refusal()).toMatchObject({ code: 'DATASTORE_DAMAGED' })
  })

  test('a newer format', async () => {
    await fill()
    const db = new DatabaseSync(file())
    db.exec('PRAGMA journal_mode=DELETE; PRAGMA user_version=99')
    db.close()
    const error = await refusal()
    expect(error).toMatchObject({ code: 'DATASTORE_TOO_NEW' })
    expect(error.message).toContain('99')
  })

  test('pages overwritten, after an unclean end', async () => {
    await fill()
    const bytes = readFileSync(file())
    bytes.fill(0xab, 8192 * 20, 8192 * 40)
    writeFileSync(file(), bytes)
    writeFileSync(`${file()}-wal`, Buffer.alloc(4096, 1))
    expect(await refusal()).toMatchObject({ code: 'DATASTORE_DAMAGED' })
  })
})

test('a folder that cannot be made is named', async () => {
  writeFileSync(join(path, 'file'), '')
  const error = await openDatastore({ path: join(path, 'file', 'data') }).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'DATASTORE_PATH_UNUSABLE' })
})

/** A small file system of its own; only root may mount one. */
function mountSmallDisk(at: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', at], { stdio: 'ignore' }).status === 0
}

test('on a full disk writes are refused with 14031, reads go on, and writing works again when there is room', async ({
  skip,
}) => {
  if (!mountSmallDisk(path)) return skip('needs the right to mount')
  try {
    await using datastore = await openDatastore({ path })
    const filler = datastore.data.collection<{ _id: number; text?: string }>('filler')
    await filler.insertOne({ _id: 0 })
    let stored = 1
    const error = await (async () => {
      for (;;) {
        await filler.insertOne({ _id: stored, text: 'x'.repeat(100_000) })
        stored++
      }
    })().catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 14031 })
    expect(await filler.countDocuments()).toBe(stored)
    expect(await filler.findOne({ _id: 0 })).toEqual({ _id: 0 })
    spawnSync('mount', ['-o', 'remount,size=60m', path])
    await filler.insertOne({ _id: -1, text: 'x'.repeat(100_000) })
    expect(await filler.countDocuments()).toBe(stored + 1)
  } finally {
    spawnSync('umount', ['-l', path])
  }
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
beforeEach(async () => {
  test = await openTestCore('backups')
  root = await test.root()
})
afterEach(() => test[Symbol.asyncDispose]())

const rested = () => expect.poll(async () => (await root.agent.backup.list()).job).toBe(null)
const names = async () => (await root.agent.backup.list()).backups.map(({ name }) => name)
const actions = async () => (await root.audit.list({})).map(({ action }) => action)

async function made(): Promise<string> {
  const { name } = await root.agent.backup.make()
  await rested()
  return name
}

describe('a backup', () => {
  it('is made, proved and noted', async () => {
    const name = await made()
    expect(name).toBe('m3m-2026-01-01T000000Z.tar.zst')
    const { backups, failure } = await root.agent.backup.list()
    expect(backups).toMatchObject([{ name, proof: { problem: null, documents: 1 } }])
    expect(failure).toBe(null)
    expect(await actions()).toContain('agent.backup.make')
  })

  it('is one at a time, and says how far it is', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    test.backups.gate = promise
    const { name } = await root.agent.backup.make()
    expect((await root.agent.backup.list()).job).toMatchObject({
      name,
      step: 'read',
      doneBytes: 1,
      totalBytes: 2,
    })
    await expect(root.agent.backup.make()).rejects.toMatchObject({ cause: { code: 'BACKUP_BUSY' } })
    resolve()
    await rested()
    expect(await names()).toEqual([name])
  })

  it('that cannot be put back says so, and the next good one clears it', async () => {
    test.backups.problem = '"m3m.users" is another collection after a restore'
    await made()
    expect((await root.agent.backup.list()).failure).toMatchObject({ message: /another collection/ })
    test.backups.problem = null
    test.clock.advance(1_000)
    await made()
    expect((await root.agent.backup.list()).failure).toBe(null)
  })

  it('under way does not hold up the end of the agent', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    test.backups.gate = promise
    await root.agent.backup.make()
    const ended = test.core[Symbol.asyncDispose]()
    resolve()
    await ended
    expect(test.backups.kept).toEqual([])
  })

  it('is proved again when asked', async () => {
    const name = await made()
    test.backups.problem = 'its end is missing'
    await root.agent.backup.verify({ name })
    await rested()
    expect((await root.agent.backup.list()).backups[0]?.proof?.problem).toBe('its end is missing')
  })
})

describe('the schedule', () => {
  const daily = (settings: object) =>
    root.agent.updateSettings({ backups: { daily: '03:30', keep: 3, withKey: false, ...settings } })

  it('says when the next one is, and makes it then, once', async () => {
    await daily({})
    expect((await root.agent.backup.list()).nextAt).toBe('2026-01-01T03:30:00.000Z')
    for (let minute = 0; minute < 215; minute++) {
      test.clock.advance(60_000)
      // Lets what was begun by the minute go on.
      await new Promise((resolve) => setImmediate(resolve))
    }
    await expect.poll(names).toEqual(['m3m-2026-01-01T033000Z.tar.zst'])
    await rested()
    expect((await root.agent.backup.list()).nextAt).toBe('2026-01-02T03:30:00.000Z')
  })

  it('keeps as many as were asked for, and always the newest good one', async () => {
    await daily({ daily: null, keep: 2 })
    const good = await made()
    test.backups.problem = 'damaged'
    for (let times = 0; times < 3; times++) {
      test.clock.advance(1_000)
      await made()
    }
    // None of these was proved, so nothing was removed for them.
    expect(await names()).toHaveLength(4)
    test.backups.problem = null
    test.clock.advance(1_000)
    const newest = await made()
    expect(await names()).toEqual([newest, 'm3m-2026-01-01T000003Z.tar.zst'])
    expect(await names()).not.toContain(good)
  })

  it('leaves alone what people put there themselves', async () => {
    await daily({ daily: null, keep: 1 })
    test.backups.kept = [
      { name: 'before-the-move.tar.zst', sizeBytes: 1, createdAt: '2025-01-01T00:00:00.000Z', proof: null },
    ]
    await made()
    expect(await names()).toContain('before-the-move.tar.zst')
  })

  it.each(['24:00', '3:30', '03:60', 'noon'])('refuses %s', async (time) => {
    await expect(daily({ daily: time })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe('removing and restoring', () => {
  it('want the name typed', async () => {
    const name = await made()
    for (const confirmName of ['', name.slice(1)]) {
      const refused = { cause: { code: 'BACKUP_NAME_NOT_CONFIRMED' } }
      await expect(root.agent.backup.remove({ name, confirmName })).rejects.toMatchObject(refused)
      await expect(root.agent.backup.restore({ name, confirmName })).rejects.toMatchObject(refused)
    }
    expect(test.backups.restoring).toBe(null)
    await root.agent.backup.restore({ name, confirmName: name })
    expect(test.backups.restoring).toEqual({ name, withoutSecrets: false, by: 'root' })
    await root.agent.backup.remove({ name, confirmName: name })
    expect(await names()).toEqual([])
  })

  it.each(['../m3m.tar.zst', '.hidden.tar.zst', 'a/b.tar.zst', 'm3m.zip', '\0.tar.zst'])(
    'refuse the name %j',
    async (name) => {
      await expect(root.agent.backup.verify({ name })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    },
  )

  it('know nothing of what is not there', async () => {
    const name = 'none.tar.zst'
    await expect(root.agent.backup.remove({ name, confirmName: name })).rejects.toMatchObject({
      cause: { code: 'BACKUP_UNKNOWN' },
    })
  })

  it('are noted in the restored data, too', async () => {
    test.backups.note = { name: 'm3m.tar.zst', at: '2026-01-01T00:00:00.000Z', by: 'root', problem: null }
    await test.core.services.backups.start()
    const [entry] = await root.audit.list({ action: 'agent.backup.restored' })
    expect(entry).toMatchObject({ actor: null, target: 'm3m.tar.zst', after: { by: 'root', problem: null } })
  })
})

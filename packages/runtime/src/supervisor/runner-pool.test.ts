import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@m3m/base'
import { afterEach, expect, test, vi } from 'vitest'
import { buildPrelude } from '../isolate/build-prelude.ts'
import { RUNNER_ENTRY } from '../testing/open-agent.ts'
import { RunnerPool } from './runner-pool.ts'

const folder = mkdtempSync(join(tmpdir(), 'm3m-pool-'))
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

/** Runners that have been begun and have not ended. */
const runners = () =>
  (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.startsWith('runner-'))

test('the next spare waits while services start, and comes when they are through', async () => {
  await buildPrelude()
  await using pool = new RunnerPool({
    entry: RUNNER_ENTRY,
    setup: {
      secrets: {},
      logsPath: folder,
      storagePath: folder,
      processFolder: folder,
      settings: {},
      logLevel: 'info',
    },
    processFolder: folder,
    silentMs: 15_000,
    logger: silentLogger,
    spare: true,
  })
  pool.warm()
  const owner = { rssCapBytes: () => Infinity, onControl() {}, onFigures() {}, onEnd() {} }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await pool.take(owner)
  const booted = Promise.withResolvers<void>()
  const booting = pool.whileBooting(() => booted.promise)
  for (let ms = 0; ms < 5000; ms += 250) {
    vi.advanceTimersByTime(250)
    expect(runners()).toHaveLength(1)
  }
  booted.resolve()
  await booting
  vi.advanceTimersByTime(250)
  expect(runners()).toHaveLength(1)
  vi.advanceTimersByTime(50)
  expect(runners()).toHaveLength(2)
  // Nothing is put off that is not due, and nothing comes twice.
  await pool.whileBooting(async () => {})
  vi.advanceTimersByTime(5000)
  expect(runners()).toHaveLength(2)
})

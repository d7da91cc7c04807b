import { EventEmitter } from 'node:events'
import { ManualClock, silentLogger } from '@m3m/base'
import { expect, test } from 'vitest'
import { createAppUpdates } from './app-updates.ts'

class FakeUpdater extends EventEmitter {
  allowDowngrade = false
  autoInstallOnAppQuit = false
  checks = 0
  installed = 0
  outcome: () => void = () => this.emit('update-not-available')
  #channel: string | null = null

  get channel(): string | null {
    return this.#channel
  }

  // As electron-updater does it.
  set channel(channel: string | null) {
    this.#channel = channel
    this.allowDowngrade = true
  }

  async checkForUpdates(): Promise<void> {
    this.checks += 1
    this.outcome()
  }

  quitAndInstall(): void {
    this.installed += 1
  }
}

function open(updater: FakeUpdater | null) {
  const clock = new ManualClock()
  const seen: string[] = []
  const updates = createAppUpdates({
    updater,
    channel: 'latest',
    clock,
    logger: silentLogger,
    onChange: () => seen.push(updates.state().state),
  })
  return { clock, seen, updates }
}

test('a package without a place for updates never looks', async () => {
  const { updates, clock } = open(null)
  await updates.check()
  clock.advance(24 * 3_600_000)
  expect(updates.state()).toEqual({ state: 'off' })
})

test('looks after a minute and then every six hours, until the app ends', async () => {
  const updater = new FakeUpdater()
  const { updates, clock } = open(updater)
  clock.advance(59_000)
  expect(updater.checks).toBe(0)
  clock.advance(1_000)
  expect(updater.checks).toBe(1)
  await Promise.resolve()
  clock.advance(6 * 3_600_000)
  expect(updater.checks).toBe(2)
  await updates[Symbol.asyncDispose]()
  clock.advance(24 * 3_600_000)
  expect(updater.checks).toBe(2)
})

test('what is found is downloaded, told of, and installed when the person says so', async () => {
  const updater = new FakeUpdater()
  const { updates, seen } = open(updater)
  updates.install()
  expect(updater.installed, 'nothing is there yet').toBe(0)
  updater.outcome = () => updater.emit('update-available', { version: '0.2.0' })
  await updates.check()
  updater.emit('download-progress', { percent: 41.6 })
  expect(updates.state()).toEqual({ state: 'downloading', version: '0.2.0', percent: 42 })
  updater.emit('update-downloaded', { version: '0.2.0' })
  expect(updates.state()).toEqual({ state: 'ready', version: '0.2.0' })
  await updates.check()
  expect(updater.checks, 'it is not downloaded again').toBe(1)
  updates.install()
  expect(updater.installed).toBe(1)
  expect(seen).toEqual(['checking', 'downloading', 'downloading', 'ready'])
})

test('another channel is looked at at once, and never leads to an older version', async () => {
  const updater = new FakeUpdater()
  const { updates } = open(updater)
  expect([updater.channel, updater.allowDowngrade]).toEqual(['latest', false])
  updates.setChannel('beta')
  expect([updater.channel, updater.allowDowngrade, updater.checks]).toEqual(['beta', false, 1])
})

test('a failure is kept as it was worded, and the next look may mend it', async () => {
  const updater = new FakeUpdater()
  const { updates } = open(updater)
  updater.outcome = () => {
    throw new Error('ENOTFOUND updates.example.com')
  }
  await updates.check()
  expect(updates.state()).toEqual({ state: 'failed', problem: 'ENOTFOUND updates.example.com' })
  updater.outcome = () => updater.emit('update-not-available')
  await updates.check()
  expect(updates.state()).toEqual({ state: 'none' })
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createAgentLogs } from '@m3m/runtime'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openAgentLog } from './agent-log.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'm3m-log-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('writes to the terminal and to a file of its owner, appending', () => {
  const printed: string[] = []
  for (const word of ['one', 'two']) {
    using log = openAgentLog({
      folder: join(folder, 'new'),
      level: 'info',
      print: (line) => printed.push(line),
    })
    log.info(word, { n: 1 })
    log.debug('not of interest')
  }
  const file = join(folder, 'new', 'agent.log')
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toEqual(printed)
  expect(printed[0]).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] \[INFO\] one \{"n":1\}$/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('keeps five older files and no more', () => {
  using log = openAgentLog({ folder, level: 'info', print: () => {}, fileBytes: 200 })
  for (let n = 0; n < 100; n++) log.info(`line ${n}`)
  expect(readFileSync(join(folder, 'agent.log'), 'utf8')).toContain('line 99')
  expect(readdirSync(folder).filter((name) => /^agent\.\d{14}\.log$/.test(name))).toHaveLength(5)
})

it('is read as one log over all its parts, and a place in it stays the same', async () => {
  using log = openAgentLog({ folder, level: 'info', print: () => {}, fileBytes: 200 })
  const logs = createAgentLogs({ folder })
  expect(await logs.download()).toBeNull()
  for (let n = 0; n < 10; n++) log.info(`line ${n}`)
  const { lines, after } = await logs.page({ direction: 'forward', limit: 1_000 })
  expect(lines.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, n) => `line ${n}`))
  const end = new AbortController()
  const reading = (async () => {
    const seen: string[] = []
    for await (const batch of logs.tail({ cursor: after }, end.signal)) {
      seen.push(...batch.lines.map(({ text }) => text))
      if (seen.length === 10) end.abort()
    }
    return seen
  })()
  for (let n = 10; n < 20; n++) log.info(`line ${n}`)
  expect(await reading).toEqual(Array.from({ length: 10 }, (_, n) => `line ${n + 10}`))
  const later = await logs.page({ direction: 'backward', cursor: after!, limit: 1 })
  expect(later.lines).toEqual(lines.slice(-1))
  expect(await text((await logs.download())!.stream)).toContain('line 0')
})

it('goes on without a file when the folder cannot be made', () => {
  writeFileSync(join(folder, 'taken'), '')
  const printed: string[] = []
  using log = openAgentLog({
    folder: join(folder, 'taken'),
    level: 'info',
    print: (line) => printed.push(line),
  })
  log.info('one')
  log.info('two')
  expect(printed.filter((line) => line.includes('cannot be written'))).toHaveLength(1)
  expect(printed.at(-1)).toContain('two')
})

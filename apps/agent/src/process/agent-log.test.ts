import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  for (const age of [1, 2, 3, 4, 5]) expect(existsSync(join(folder, `agent.log.${age}`))).toBe(true)
  expect(existsSync(join(folder, 'agent.log.6'))).toBe(false)
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

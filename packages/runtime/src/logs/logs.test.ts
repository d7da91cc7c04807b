import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { newId } from '@m3m/base'
import type { LogLevel } from '@m3m/base'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createRunLog, createRunLogs } from './index.ts'
import type { LogLine, RunLogOptions } from './index.ts'

let folder: string
const opened: AsyncDisposable[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-logs-'))
})
afterEach(async () => {
  for (const log of opened.splice(0)) await log[Symbol.asyncDispose]()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const FREE = { perSecond: 1e9, burst: 1e9 }

function newRun(options: Partial<RunLogOptions> = {}) {
  const ids = { projectId: newId(), runId: newId() }
  const log = createRunLog({ folder, ...ids, bucket: FREE, ...options })
  opened.push(log)
  const logs = createRunLogs({ folder })
  const path = join(folder, ids.projectId, `${ids.runId}.log`)
  const texts = (lines: LogLine[]) => lines.map((line) => line.text)
  const page = (query: object = {}) => logs.page({ ...ids, direction: 'forward', limit: 1_000, ...query })
  return { ...ids, log, logs, path, page, texts }
}

describe('the file', () => {
  it('holds lines of the announced form, in UTC', async () => {
    const clock = { now: () => Date.UTC(2026, 0, 31, 12, 0, 0, 5), after: () => () => {} }
    const { log, path } = newRun({ clock })
    log.write('info', 'ready')
    log.write('error', 'no\nluck')
    await log.flush()
    expect(readFileSync(path, 'utf8')).toBe(
      '[2026-01-31 12:00:00.005] [INFO] ready\n[2026-01-31 12:00:00.005] [ERROR] no\n  luck\n',
    )
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('lets no message forge a record or send control characters to a terminal', async () => {
    const { log, page, path } = newRun()
    const forged = 'x\n[2026-01-31 12:00:00.000] [ERROR] forged\r[2026-01-31 12:00:00.000] [ERROR] too'
    log.write('info', forged)
    log.write('info', '\u001b[2J\u0000\u009b\u202e\u2028tab\there')
    await log.flush()
    const { lines } = await page()
    expect(lines).toHaveLength(2)
    expect(lines[0]!.text).toBe(forged.replace('\r', '\\r'))
    expect(lines[1]!.text).toBe('\\x1b[2J\\0\\x9b\\u202e\\u2028tab\there')
    // oxlint-disable-next-line no-control-regex
    expect(readFileSync(path, 'utf8')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
  })

  it('keeps the lines of a message together and their own indentation', async () => {
    const { log, page, texts } = newRun()
    const stack = 'Error: no\r\n    at main.ts:1:2\n\n  at the end\n'
    log.write('error', stack)
    log.write('info', '')
    await log.flush()
    expect(texts((await page()).lines)).toEqual([stack.replace('\r', ''), ''])
  })

  it('cuts a long message on a character and says so', async () => {
    const { log, page } = newRun({ lineBytes: 100 })
    log.write('info', 'ж'.repeat(500))
    await log.flush()
    const [line] = (await page()).lines
    expect(line!.text).toMatch(/^ж+… \(cut, 1000 bytes\)$/)
    expect(Buffer.byteLength(line!.text)).toBeLessThanOrEqual(100)
  })

  it('is continued by a second writer, also after half a line', async () => {
    const run = newRun()
    run.log.write('info', 'one')
    await run.log[Symbol.asyncDispose]()
    appendFileSync(run.path, '[2026-01-31 12:00:00.000] [INFO] killed in the mid')
    await using again = createRunLog({ folder, projectId: run.projectId, runId: run.runId })
    again.write('info', 'two')
    await again.flush()
    expect(run.texts((await run.page()).lines)).toEqual(['one', 'killed in the mid', 'two'])
  })

  it('rotates at its cap and never holds more; cursors stay', async () => {
    const { log, page, path, projectId, texts } = newRun({ totalBytes: 50_000 })
    const cursors = new Map<string, string>()
    for (let i = 0; i < 3_000; i += 1) {
      log.write('info', `line ${i} ${'x'.repeat(40)}`)
      if (i % 500 !== 499) continue
      await log.flush()
      for (const line of (await page()).lines) {
        const number = line.text.split(' ')[1]!
        expect(cursors.get(number) ?? line.cursor).toBe(line.cursor)
        cursors.set(number, line.cursor)
      }
    }
    const names = readdirSync(join(folder, projectId))
    const total = names.reduce((sum, name) => sum + statSync(join(folder, projectId, name)).size, 0)
    expect(names).toHaveLength(5)
    expect(total).toBeLessThanOrEqual(50_000)
    expect(statSync(path).size).toBeLessThanOrEqual(10_000)
    const { lines, before } = await page({ direction: 'backward', limit: 3 })
    expect(texts(lines).map((text) => text.split(' ')[1])).toEqual(['2997', '2998', '2999'])
    const earlier = await page({ direction: 'backward', cursor: before, limit: 2 })
    expect(texts(earlier.lines).map((text) => text.split(' ')[1])).toEqual(['2995', '2996'])
    expect((await page({ cursor: '0', limit: 1 })).lines).toEqual((await page({ limit: 1 })).lines)
  })

  it('takes 10,000 lines in one turn, without a write in between, and loses none', async () => {
    const { log, path, page } = newRun()
    for (let i = 0; i < 10_000; i += 1) log.write('info', `line ${i} of a service that talks`)
    // The service's thread only hands them over: nothing is on disk before its turn is over.
    expect(existsSync(path)).toBe(false)
    await log[Symbol.asyncDispose]()
    let seen = 0
    for (let cursor: string | undefined; ;) {
      const { lines, after } = await page({ cursor })
      if (lines.length === 0) break
      for (const { text } of lines) expect(text).toBe(`line ${seen++} of a service that talks`)
      cursor = after
    }
    expect(seen).toBe(10_000)
  })

  it('drops a flood and counts it in one line', async () => {
    const { log, page } = newRun({ bucket: { perSecond: 10, burst: 10 } })
    for (let i = 0; i < 500; i += 1) log.write('info', `line ${i}`)
    await log[Symbol.asyncDispose]()
    const { lines } = await page()
    expect(lines.length).toBeLessThan(20)
    const last = lines.at(-1)!
    expect([last.level, Number(last.text.split(' ')[0]) + lines.length - 1]).toEqual(['warn', 500])
  })

  it('counts a flood also when the service is silent afterwards', async () => {
    const { log, page } = newRun({ bucket: { perSecond: 10, burst: 1 } })
    for (let i = 0; i < 50; i += 1) log.write('info', `line ${i}`)
    await expect.poll(async () => (await page()).lines.at(-1)?.text, { timeout: 15_000 }).toMatch(/dropped/)
    await log[Symbol.asyncDispose]()
  })

  it('survives a place that cannot be written, and says later what is missing', async () => {
    const run = newRun()
    // The project's folder is a file: every open fails, as on a full or broken disk.
    writeFileSync(join(folder, run.projectId), '')
    run.log.write('info', 'lost')
    run.log.write('info', 'lost too')
    await run.log.flush()
    rmSync(join(folder, run.projectId))
    run.log.write('info', 'back')
    await run.log.flush()
    expect(run.texts((await run.page()).lines)).toEqual([
      '2 lines are missing here: the disk was full or too slow.',
      'back',
    ])
  })
})

describe('pages', () => {
  it('go both ways and meet', async () => {
    const { log, page, texts } = newRun()
    const all = Array.from({ length: 2_500 }, (_, i) => `line ${i}\n${'y'.repeat(i % 300)}`)
    for (const text of all) log.write('info', text)
    await log.flush()
    const forward: string[] = []
    for (let cursor: string | undefined; forward.length < all.length;) {
      const found = await page({ cursor, limit: 999 })
      forward.push(...texts(found.lines))
      cursor = found.after
    }
    const backward: string[] = []
    for (let cursor: string | undefined; ;) {
      const found = await page({ cursor, direction: 'backward', limit: 777 })
      backward.unshift(...texts(found.lines))
      if (!found.before) break
      cursor = found.before
    }
    expect(forward).toEqual(all)
    expect(backward).toEqual(all)
    const end = await page({ direction: 'backward', limit: 1 })
    expect(await page({ cursor: end.after })).toEqual({ lines: [], before: end.after, after: end.after })
  })

  it('filter by level and text', async () => {
    const { log, page, texts } = newRun()
    for (const level of ['debug', 'info', 'warn', 'error'] as LogLevel[])
      log.write(level, `A ${level} Привет`)
    await log.flush()
    expect(texts((await page({ level: 'warn' })).lines)).toEqual(['A warn Привет', 'A error Привет'])
    expect(texts((await page({ search: 'приВЕТ', level: 'error' })).lines)).toEqual(['A error Привет'])
    expect(texts((await page({ search: 'INFO', direction: 'backward' })).lines)).toEqual(['A info Привет'])
    expect((await page({ search: 'nowhere' })).lines).toEqual([])
  })

  it('find a rare line in a long log by several bounded steps', async () => {
    const { log, path, page } = newRun()
    log.write('info', 'needle')
    await log.flush()
    const row = `[2026-01-31 12:00:00.000] [INFO] ${'x'.repeat(1_000)}\n`
    for (let i = 0; i < 20; i += 1) appendFileSync(path, row.repeat(1_000))
    let steps = 0
    for (let cursor: string | undefined; ; steps += 1) {
      const found = await page({ cursor, direction: 'backward', search: 'needle', limit: 10 })
      if (found.lines.length > 0) break
      cursor = found.before!
      expect(steps).toBeLessThan(5)
    }
    expect(steps).toBeGreaterThan(0)
  })

  it('leave half a line for later and survive what is no log', async () => {
    const { log, path, page, texts } = newRun()
    log.write('info', 'whole')
    await log.flush()
    const half = '[2026-01-31 12:00:00.000] [INFO] half'
    appendFileSync(path, half)
    for (const direction of ['forward', 'backward'])
      expect(texts((await page({ direction })).lines)).toEqual(['whole'])
    const { after } = await page()
    appendFileSync(path, ' no more\n')
    expect(texts((await page({ cursor: after })).lines)).toEqual(['half no more'])
    writeFileSync(path, Buffer.alloc(600_000, 0x41))
    for (const direction of ['forward', 'backward']) expect((await page({ direction })).lines).toEqual([])
  })

  it('of unknown or hostile names are empty', async () => {
    const { logs, projectId } = newRun()
    mkdirSync(join(folder, 'secret'))
    writeFileSync(join(folder, 'secret', 'x.log'), '[2026-01-31 12:00:00.000] [INFO] secret\n')
    for (const query of [
      { projectId, runId: newId() },
      { projectId: 'secret', runId: 'x' },
      { projectId: '..', runId: 'x' },
      { projectId, runId: '../../secret/x' },
    ]) {
      expect(await logs.page({ ...query, direction: 'forward', limit: 10 })).toEqual({ lines: [] })
      expect(await logs.download(query.projectId, query.runId)).toBeNull()
    }
  })
})

describe('tail', () => {
  it('follows from a cursor, over rotations, without loss', async () => {
    const { log, logs, page, projectId, runId } = newRun({ totalBytes: 100_000 })
    log.write('info', 'before')
    await log.flush()
    const { after } = await page()
    const end = new AbortController()
    const got: string[] = []
    const reading = (async () => {
      for await (const { lines } of logs.tail({ projectId, runId, cursor: after }, end.signal)) {
        got.push(...lines.map((line) => line.text))
        if (got.length >= 600) end.abort()
      }
    })()
    for (let i = 0; i < 600; i += 1) {
      log.write('info', `line ${i} ${'z'.repeat(60)}`)
      if (i % 100 === 99) await log.flush()
    }
    await reading
    expect(got.map((text) => Number(text.split(' ')[1]))).toEqual(Array.from({ length: 600 }, (_, i) => i))
  })

  it('without a cursor begins at the end', async () => {
    const { log, logs, projectId, runId } = newRun()
    log.write('info', 'old')
    await log.flush()
    const end = new AbortController()
    const tail = logs.tail({ projectId, runId }, end.signal)[Symbol.asyncIterator]()
    const first = tail.next()
    const writing = setInterval(() => log.write('info', 'new'), 20)
    const { value } = await first
    clearInterval(writing)
    end.abort()
    expect(new Set(value.lines.map((line: LogLine) => line.text))).toEqual(new Set(['new']))
  })

  it('waits for a run that has not written yet, and goes on from a cursor', async () => {
    const { log, logs, projectId, runId } = newRun()
    const end = new AbortController()
    const tail = logs.tail({ projectId, runId, cursor: '0' }, end.signal)[Symbol.asyncIterator]()
    const first = tail.next()
    log.write('info', 'hello')
    const { value } = await first
    expect(value.lines.map((line: LogLine) => line.text)).toEqual(['hello'])
    end.abort()
    expect((await tail.next()).done).toBe(true)
  })

  it('gives a slow reader the newest lines and counts the others', async () => {
    const { log, logs, projectId, runId } = newRun()
    for (let i = 0; i < 30_000; i += 1) log.write('info', `line ${i} ${'z'.repeat(60)}`)
    await log.flush()
    const end = new AbortController()
    const tail = logs.tail({ projectId, runId, cursor: '0' }, end.signal)[Symbol.asyncIterator]()
    const { value } = await tail.next()
    end.abort()
    expect(value.dropped + value.lines.length).toBe(30_000)
    expect(value.dropped).toBeGreaterThan(10_000)
    expect(value.lines.at(-1).text).toContain('line 29999')
  })
})

describe('clearing and download', () => {
  it('clears other runs, keeps those named, removes a project', async () => {
    const projectId = newId()
    const runs = [newId(), newId(), newId()] as const
    for (const runId of runs) {
      await using log = createRunLog({ folder, projectId, runId, totalBytes: 1_000 })
      for (let i = 0; i < 50; i += 1) log.write('info', `${runId} ${i}`)
    }
    const logs = createRunLogs({ folder })
    expect(await logs.sizeOf(projectId)).toBeGreaterThan(1_000)
    await logs.clear(projectId, [runs[1]])
    const left = readdirSync(join(folder, projectId))
    expect(left.length).toBeGreaterThan(1)
    expect(left.every((name) => name.startsWith(runs[1]))).toBe(true)
    await logs.removeProject(projectId)
    expect(readdirSync(folder)).not.toContain(projectId)
    await logs.clear(projectId, [])
    await logs.clear('../x', [])
  })

  it('downloads every part in order, and exactly what was announced', async () => {
    const { log, logs, projectId, runId } = newRun({ totalBytes: 20_000 })
    for (let i = 0; i < 200; i += 1) log.write('info', `line ${i}`)
    await log.flush()
    const found = await logs.download(projectId, runId)
    log.write('info', 'later')
    await log.flush()
    const bytes = await buffer(found!.stream)
    expect(bytes.length).toBe(found!.sizeBytes)
    const numbers = [...bytes.toString().matchAll(/line (\d+)\n/g)].map((match) => Number(match[1]))
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, i) => i))
  })
})

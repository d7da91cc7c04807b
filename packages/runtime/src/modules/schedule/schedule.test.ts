import { ManualClock } from '@m3m/base'
import { expect, test } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'
import type { JobMarks, JobReport } from '../../supervisor/supervisor.port.ts'

describeRoom('schedule')

const start = Date.UTC(2026, 0, 31, 23, 59, 30)

test('jobs fire at their times, and only while the run is active', async () => {
  const clock = new ManualClock(start)
  await using service = await openTestService({
    clock,
    code: `
      schedule.minutely(() => logger.info('minute'))
      schedule.daily(() => logger.info('day'))
      schedule.monthly(1, () => logger.info('month'))
      schedule.weekly(0, () => logger.info('sunday'))
      schedule.every('20s', () => logger.info('20s'))
      schedule.delay('90s', () => logger.info('delay'))
      schedule.once(${start - 1000}, () => logger.info('past'))`,
  })
  const count = (text: string) => service.logs.filter((line) => line.text === text).length
  const step = async (ms: number) => {
    clock.advance(ms)
    await service.get('/settled')
    await service.get('/settled')
  }
  await step(0)
  expect(count('past')).toBe(1)
  await step(20_000)
  expect(count('20s')).toBe(1)
  await step(10_000)
  expect([count('minute'), count('day'), count('month'), count('sunday')]).toEqual([1, 1, 1, 1])
  await step(60_000)
  expect([count('minute'), count('day'), count('delay')]).toEqual([2, 1, 1])
  await service.run.disarm()
  await step(600_000)
  expect(count('minute')).toBe(2)
  await service.run.arm({ sinceMs: null })
  await step(60_000)
  expect(count('minute')).toBe(3)
})

test('what fell due between two runs is done by the second, once', async () => {
  const clock = new ManualClock(start)
  await using service = await openTestService({
    clock,
    code: `schedule.minutely(() => logger.info('minute'))`,
  })
  await service.run.disarm()
  clock.advance(31_000)
  await service.run.arm({ sinceMs: start + 29_000 })
  clock.advance(0)
  await service.logged(/minute/)
  clock.advance(1000)
  await service.get('/settled')
  expect(service.logs.filter((line) => line.text === 'minute')).toHaveLength(1)
})

test('a job that runs still is skipped, an error is logged with its position, a time-out ends waiting', async () => {
  const clock = new ManualClock(start)
  await using service = await openTestService({
    clock,
    code: `let n = 0
schedule.minutely(async () => { logger.info('run ' + ++n); await new Promise((done) => setTimeout(done, 150)) })
schedule.minutely(() => { throw new TypeError('job broke') })`,
  })
  clock.advance(30_000)
  await service.logged(/run 1/)
  clock.advance(60_000)
  expect(await service.logged(/job broke/)).toMatch(
    /^Job job_2 \(\* \* \* \* \*\) failed: TypeError: job broke\n {4}at .*main\.js:3:/,
  )
  expect(service.logs.some((line) => line.text === 'run 2')).toBe(false)
})

test('$schedule gives an empty id for what is no job and says why', async () => {
  await using service = await openTestService({
    code: `router.get('/x', () => [$schedule.cron('nope', () => {}), $schedule.every('5', () => {}), $schedule.at('25:00', () => {}), $schedule.weekly(9, () => {}), $schedule.cron('CRON_TZ=UTC @every 90s', () => {}), $schedule.daily()])`,
  })
  expect((await service.get('/x')).json).toEqual(['', '', '', '', expect.stringMatching(/^job_/), ''])
  await service.logged(/no cron expression/)
})

test('the panel lists, pauses and runs jobs', async () => {
  await using service = await openTestService({ code: `schedule.daily(() => logger.info('by hand'))` })
  expect(await service.run.control('schedule.list', [])).toMatchObject([
    { id: 'job_1', type: 'cron', status: 'active', executionCount: 0 },
  ])
  expect(await service.run.control('schedule.run', ['job_1'])).toBe(true)
  await service.logged(/by hand/)
  expect(await service.run.control('schedule.pause', ['job_1'])).toBe(true)
  expect(await service.run.control('schedule.run', ['job_9'])).toBe(false)
})

test('more jobs than allowed are refused', async () => {
  await using service = await openTestService({
    limits: { maxJobs: 2 },
    code: `router.get('/x', () => { try { for (let i = 0; i < 3; i++) schedule.hourly(() => {}) } catch (error) { return error.code } })`,
  })
  expect((await service.get('/x')).body).toBe('SCHEDULE_TOO_MANY_JOBS')
})

test('each time a job ran is told: when it was due, how long it took, why it failed and where', async () => {
  const clock = new ManualClock(start)
  const reports: JobReport[] = []
  await using service = await openTestService({
    clock,
    onJobs: (report) => reports.push(report),
    code: `schedule.minutely(() => logger.info('well'), { name: 'well' })
schedule.minutely(() => { throw new TypeError('job broke') })`,
  })
  clock.advance(30_000)
  await service.logged(/job broke/)
  await service.logged(/well/)
  clock.advance(1_000)
  const notes = reports.flatMap(({ notes }) => notes)
  const planned = { trigger: 'due', plannedMs: start + 30_000, startedMs: start + 30_000 }
  expect(notes.find(({ key }) => key === 'well')).toEqual({
    n: 1,
    key: 'well',
    ...planned,
    endedMs: expect.any(Number),
  })
  expect(notes.findLast(({ key }) => key === 'cron * * * * *')).toMatchObject({
    ...planned,
    error: { message: 'TypeError: job broke', position: { file: 'main.js', line: 2 } },
  })
  await service.run.control('schedule.run', ['job_1'])
  await service.run.disarm()
  expect(reports.at(-1)!.notes.at(-1)).toMatchObject({ n: 3, key: 'well', trigger: 'by-hand' })
})

test('a job made twice in the same way has two keys', async () => {
  await using service = await openTestService({
    code: `schedule.every('5s', () => {}); schedule.every('5s', () => {}); schedule.delay('5s', () => {}); schedule.delay('5s', () => {})`,
  })
  const jobs = (await service.run.control('schedule.list', [])) as { key: string }[]
  expect(jobs.map(({ key }) => key)).toEqual(['every 5s', 'every 5s #2', 'delay', 'delay'])
})

test('times that came while nothing ran are made up for once, where the job says so', async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 12))
  const open = (marks: JobMarks) => {
    const reports: JobReport[] = []
    const code = `
      schedule.at('03:00', () => logger.info('made up'), { name: 'nightly', missed: 'once' })
      schedule.at('03:00', () => logger.info('left out'))`
    return openTestService({ clock, code, marks, onJobs: (report) => reports.push(report) }).then(
      (service) => ({
        service,
        reports,
        [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
      }),
    )
  }
  // Never seen: it missed nothing, but from now on it can.
  await using first = await open({})
  expect(first.reports).toEqual([{ notes: [], attended: { nightly: clock.now() } }])

  // Off for three nights.
  await using second = await open({ nightly: { attendedMs: Date.UTC(2026, 0, 28, 12) } })
  await second.service.logged(/made up/)
  await second.service.run.disarm()
  const [note] = second.reports.flatMap(({ notes }) => notes)
  const plannedMs = Date.UTC(2026, 0, 29, 3)
  expect(note).toMatchObject({ key: 'nightly', trigger: 'missed', plannedMs, times: 3 })
  expect(second.service.logs.map(({ text }) => text)).toEqual(['made up'])
  expect(second.reports[0]!.attended).toEqual({ nightly: clock.now() })

  // Stopped and started again with nothing due in between.
  await using third = await open({ nightly: { attendedMs: Date.UTC(2026, 0, 31, 4) } })
  await third.service.run.disarm()
  expect(third.service.logs).toEqual([])

  // Paused in the panel: it stays so, and misses nothing.
  await using fourth = await open({ nightly: { attendedMs: Date.UTC(2026, 0, 28, 12), paused: true } })
  expect(await fourth.service.run.control('schedule.list', [])).toMatchObject([
    { key: 'nightly', status: 'paused' },
    { status: 'active' },
  ])
  expect(fourth.service.logs).toEqual([])
})

test('times left out since the time before was still going are one note, which counts them', async () => {
  const clock = new ManualClock(start)
  const reports: JobReport[] = []
  await using service = await openTestService({
    clock,
    onJobs: (report) => reports.push(report),
    code: `let end
      schedule.minutely(() => { logger.info('begun'); return new Promise((done) => (end = done)) }, { name: 'slow' })
      router.get('/end', () => end())`,
  })
  clock.advance(30_000)
  await service.logged(/begun/)
  for (let minute = 0; minute < 3; minute++) clock.advance(60_000)
  clock.advance(1_000)
  const skips = () => reports.flatMap(({ notes }) => notes).filter(({ skipped }) => skipped)
  expect(skips().at(-1)).toEqual({
    n: 2,
    key: 'slow',
    trigger: 'due',
    skipped: 'overlap',
    times: 3,
    plannedMs: start + 90_000,
    startedMs: start + 90_000,
    endedMs: start + 210_000,
  })
  // Left out is looked after: a crash from here on misses none of them.
  expect(reports.at(-1)!.attended).toEqual({ slow: start + 210_000 })
  await service.get('/end')
  await expect
    .poll(() => service.run.control('schedule.list', []))
    .toMatchObject([{ key: 'slow', running: 0 }])
  clock.advance(60_000)
  await expect.poll(() => service.logs.filter(({ text }) => text === 'begun').length).toBe(2)
  clock.advance(60_000)
  clock.advance(1_000)
  expect(skips().at(-1)).toMatchObject({ n: 4, times: 1 })
})

test('times that came while nothing ran and are not made up for are told as left out', async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 12))
  const attendedMs = Date.UTC(2026, 0, 28, 12)
  const reports: JobReport[] = []
  await using service = await openTestService({
    clock,
    marks: { nightly: { attendedMs }, weekly: { attendedMs }, often: { attendedMs } },
    onJobs: (report) => reports.push(report),
    code: `
      schedule.at('03:00', () => logger.info('ran'), { name: 'nightly' })
      schedule.weekly(0, () => logger.info('ran'), { name: 'weekly' })
      schedule.minutely(() => logger.info('ran'), { name: 'often' })`,
  })
  clock.advance(1_000)
  const notes = reports.flatMap(({ notes }) => notes)
  const skipped = { trigger: 'missed', skipped: 'missed' }
  expect(notes).toMatchObject([
    { key: 'nightly', ...skipped, times: 3, plannedMs: Date.UTC(2026, 0, 29, 3) },
    { key: 'often', ...skipped, times: 1_000 },
  ])
  // The next start does not tell it again.
  expect(reports.at(-1)!.attended).toMatchObject({ nightly: clock.now() - 1_000 })
  expect(service.logs).toEqual([])
})

test('options that are none are refused', async () => {
  await using service = await openTestService({
    code: `router.get('/x', () => [{ missed: 'twice' }, { name: '' }, { name: 'n'.repeat(101) }].map((options) => {
      try { return schedule.daily(() => {}, options) } catch (error) { return error.code } }))`,
  })
  expect((await service.get('/x')).json).toEqual(Array(3).fill('SCHEDULE_OPTION_INVALID'))
})

test('an option that means nothing is named; scripts of the original go on with it', async () => {
  await using service = await openTestService({
    code: `const told = (make) => { try { return typeof make() } catch (error) { return error.message } }
    router.get('/x', () => [
      told(() => schedule.cron('0 9 * * *', () => {}, { timeZone: 'Europe/Berlin' })), told(() => schedule.every('5s', () => {}, { missed: 'once' })),
      told(() => schedule.daily(() => {}, { timezone: 'Europe/Berlin', name: undefined })), told(() => $schedule.cron('0 9 * * *', () => {}, { timeZone: 'x' })),
    ])`,
  })
  expect((await service.get('/x')).json).toEqual([
    'A job of this kind has no option "timeZone"; there are name, missed, timezone, skipIfRunning, timeout.',
    'A job of this kind has no option "missed"; there are name.',
    'string',
    'string',
  ])
})

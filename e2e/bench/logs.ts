// npm run bench -- logs: the page of a log of 100,000 lines that grows by 10,000 a second, in Chromium, on loopback.
import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { CHROMIUM_ARGS, findChromium } from '../fixtures/chromium.ts'
import { openPanel } from '../fixtures/panel.ts'
import { Wire } from '../fixtures/wire.ts'

const HELD = 100_000
const PER_SECOND = 10_000
const SECONDS = 10
/** Appended so often, as a runner writes. */
const BATCH_MS = 20
/** `/proc/<pid>/stat` counts in hundredths of a second. */
const TICK_MS = 10

interface Seen {
  longMs: number[]
  frames: number
  longestFrameMs: number
}

await using agent = await TestAgent.start()
const wire = await Wire.signIn(agent)
const { id: projectId, slug } = await wire.project(
  'Loud',
  `router.get('/', () => 'ok')\nconsole.info('started')\n`,
)
await wire.debug(projectId)
const file = await logFile()

const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [...CHROMIUM_ARGS, '--enable-precise-memory-info'],
})
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await openPanel(page, agent)
  await page.goto(`${agent.url}/projects/${slug}/logs`)
  await page.getByRole('log').getByText('started').waitFor()
  let written = 0
  // As much as the page holds, slowly enough that no line is left out.
  while (written < HELD) {
    await appendFile(file, linesFrom(written, 4_000))
    written += 4_000
    await page
      .getByRole('log')
      .getByText(`request ${written - 1} `)
      .waitFor()
  }
  console.log(
    `| ${HELD} lines held, ${PER_SECOND} more a second for ${SECONDS} s | following | reading, and scrolling | searching |`,
  )
  console.log('|---|---|---|---|')
  const follow = await loaded(page, async () => {})
  await page.getByRole('log').hover()
  const read = await loaded(page, async () => page.mouse.wheel(0, -120))
  await page.getByRole('searchbox').fill('request 77')
  const find = await loaded(page, async () => {})
  for (const name of Object.keys(follow))
    console.log(`| ${name} | ${follow[name]} | ${read[name]} | ${find[name]} |`)

  /** Appends at the pace while `act` is done over and over, and says what the page went through. */
  async function loaded(page: Page, act: () => Promise<void>): Promise<Record<string, string>> {
    await page.evaluate(watch)
    const droppedBefore = await droppedIn(page)
    const cpuBefore = await cpuMs()
    const startMs = performance.now()
    const from = written
    let isOver = false
    const acting = (async () => {
      while (!isOver) {
        await act()
        await new Promise((resolve) => setTimeout(resolve, BATCH_MS))
      }
    })()
    for (;;) {
      const passedMs = Math.min(performance.now() - startMs, SECONDS * 1_000)
      const due = from + Math.floor((passedMs / 1_000) * PER_SECOND)
      if (due > written) await appendFile(file, linesFrom(written, due - written))
      written = Math.max(written, due)
      if (passedMs === SECONDS * 1_000) break
      await new Promise((resolve) => setTimeout(resolve, BATCH_MS))
    }
    isOver = true
    await acting
    const passedMs = performance.now() - startMs
    const agentCpu = ((await cpuMs()) - cpuBefore) / passedMs
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen)
    const heap = await page.evaluate(
      () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
    )
    const longMs = seen.longMs.reduce((sum, ms) => sum + ms, 0)
    return {
      'longest task': `${Math.max(0, ...seen.longMs).toFixed(0)} ms`,
      'time in tasks over 50 ms': `${((longMs / passedMs) * 100).toFixed(1)} %`,
      'frames a second': (seen.frames / (passedMs / 1_000)).toFixed(0),
      'longest frame': `${seen.longestFrameMs.toFixed(0)} ms`,
      'JS heap': `${(heap / 1024 / 1024).toFixed(0)} MiB`,
      'lines written': String(written - from),
      'lines left out, as the page says': String((await droppedIn(page)) - droppedBefore),
      'CPU of the agent, one core': `${(agentCpu * 100).toFixed(0)} %`,
    }
  }
} finally {
  await browser.close()
}

/** Runs in the page: notes long tasks and frames from now on. */
function watch(): void {
  const scope = globalThis as unknown as { seen?: Seen }
  const isFirst = scope.seen === undefined
  scope.seen = { longMs: [], frames: 0, longestFrameMs: 0 }
  if (!isFirst) return
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) scope.seen!.longMs.push(duration)
  }).observe({ type: 'longtask' })
  let before = performance.now()
  const look = (now: number) => {
    scope.seen!.frames += 1
    scope.seen!.longestFrameMs = Math.max(scope.seen!.longestFrameMs, now - before)
    before = now
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

async function droppedIn(page: Page): Promise<number> {
  const said = await page.getByRole('status').filter({ hasText: 'left out' }).allTextContents()
  return Number(/[\d,]+/.exec(said[0] ?? '')?.[0].replaceAll(',', '') ?? 0)
}

/** Processor time of the agent's own process so far (Linux). */
async function cpuMs(): Promise<number> {
  const stat = await readFile(`/proc/${agent.pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** The run's log, written to directly: the isolate's own bound is 1,000 lines a second. */
async function logFile(): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const names = await readdir(agent.home, { recursive: true })
    const found = names.find((name) => name.includes(projectId) && name.endsWith('.log'))
    if (found) return join(agent.home, found)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no log of project ${projectId} below ${agent.home}`)
}

/** As a service that serves requests; one in a hundred warns, one in a thousand fails. */
function linesFrom(first: number, count: number): string {
  const at = new Date().toISOString().slice(0, 23).replace('T', ' ')
  return Array.from({ length: count }, (_, index) => {
    const number = first + index
    const level = number % 1_000 === 0 ? 'ERROR' : number % 100 === 0 ? 'WARN' : 'INFO'
    return `[${at}] [${level}] request ${number} of a customer was answered in ${number % 37} ms\n`
  }).join('')
}

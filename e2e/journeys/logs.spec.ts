import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { expect, type Page, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

// The service fails where line 3 says so; its log is long enough that most of it is out of sight.
const CODE = `function priceOf(order) {
  if (order.count === 0)
    throw new Error('no price for nothing')
  return order.total / order.count
}

router.get('/fail', () => {
  try {
    priceOf({ count: 0 })
  } catch (error) {
    console.error(error)
  }
  return 'logged'
})
router.get('/say', ({ query }) => {
  for (let i = 0; i < Number(query.times); i += 1) console.info('order', i, 'of', query.what)
  console.warn('that was all of', query.what)
  return 'said'
})
`

test('a log is read by level, searched, followed, and kept', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  const { id: projectId, slug } = await wire.project('Shop log', CODE)
  await wire.debug(projectId)
  const ask = async (path: string) => {
    const answer = await fetch(`${agent.url}/r/${slug}${path}`)
    expect(answer.status).toBe(200)
  }
  await ask('/say?times=60&what=apples')
  await ask('/fail')
  await ask('/say?times=300&what=pears')

  await openPanel(page, agent)
  await page.goto(`${agent.url}/projects/${slug}/logs`)
  const log = page.getByRole('log')
  const level = (name: string | RegExp) => page.getByRole('radio', { name })
  const search = page.getByRole('searchbox', { name: 'Search in the log' })
  await expect(log).toContainText('that was all of pears')
  await takePictures(page, '60-logs')

  await test.step('levels: of warnings and errors, then of errors only', async () => {
    await expect(level(/^Errors/)).toHaveText('Errors1')
    await level(/^Warnings/).click()
    await expect(log).toContainText('that was all of apples')
    await expect(log).not.toContainText('order')
    await level(/^Errors/).click()
    await expect(log).toContainText('no price for nothing')
    await expect(log).not.toContainText('that was all')
    await takePictures(page, '61-logs-errors')
    await level('All').click()
    await expect(log).toContainText('that was all of pears')
  })

  await test.step('search says how many, and steps by Enter and F3', async () => {
    await search.fill('THAT WAS ALL')
    await expect(page.getByText('– of 2')).toBeVisible()
    await search.press('Enter')
    await expect(page.getByText('1 of 2')).toBeVisible()
    await expect(log.getByText('that was all of apples')).toBeInViewport()
    await page.keyboard.press('F3')
    await expect(log.getByText('that was all of pears')).toBeInViewport()
    await search.press('Shift+Enter')
    await expect(log.getByText('that was all of apples')).toBeInViewport()
    await takePictures(page, '62-logs-search')
    await search.fill('bananas')
    await expect(page.getByText('No matches')).toBeVisible()
    await search.fill('')
  })

  await test.step('the next error, again after one scrolled away', async () => {
    const next = page.getByRole('button', { name: 'Next error' })
    await next.click()
    await expect(log.getByText('no price for nothing')).toBeInViewport()
    await log.press('Control+End')
    await log.press('End')
    await expect(log.getByText('that was all of pears')).toBeInViewport()
    await next.click()
    await expect(log.getByText('no price for nothing')).toBeInViewport()
  })

  await test.step('one who reads is left where he is, and told how many came', async () => {
    const before = await topOf(page, 'no price for nothing')
    await ask('/say?times=40&what=plums')
    const toEnd = page.getByRole('button', { name: '41 new lines' })
    await expect(toEnd).toBeVisible()
    expect(await topOf(page, 'no price for nothing')).toBeCloseTo(before, 0)
    await takePictures(page, '63-logs-paused')
    await toEnd.click()
    await expect(log.getByText('that was all of plums')).toBeInViewport()
    await expect(toEnd).toBeHidden()
    await ask('/say?times=40&what=figs')
    await expect(log.getByText('that was all of figs')).toBeInViewport()
  })

  await test.step('what is selected is copied without the times', async () => {
    await log.getByText('that was all of figs').click({ clickCount: 3 })
    await page.keyboard.press('ControlOrMeta+C')
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toContain('that was all of figs')
    expect(copied).not.toMatch(/\d\d:\d\d:\d\d/)
  })

  await test.step('downloaded, plain and packed, it is the file', async () => {
    const { runId } = await wire.query<{ runId: string }>('runs.logs', {
      projectId,
      direction: 'backward',
      limit: 1,
    })
    const save = async (entry: string) => {
      await page.getByRole('button', { name: 'Download the log' }).click()
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: entry }).click(),
      ])
      return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
    }
    const plain = await save('As text (.log)')
    const packed = await save('Packed (.log.gz)')
    expect([plain.name, packed.name]).toEqual([`${slug}-${runId}.log`, `${slug}-${runId}.log.gz`])
    expect(plain.bytes.toString()).toContain('order 299 of pears')
    expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true)
  })

  await test.step('a line of a stack opens the editor at that place, by the keyboard', async () => {
    await page.getByRole('button', { name: 'Next error' }).click()
    await log.getByRole('link', { name: 'main.js:3:11' }).focus()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/pipeline\?.*line=3/)
    await expect(page.getByLabel('Status of the editor')).toContainText('Ln 3, Col 11')
    await takePictures(page, '64-logs-to-editor')
  })
})

/** Where a line stands on the screen, in px. */
async function topOf(page: Page, text: string): Promise<number> {
  const box = await page.getByRole('log').getByText(text).boundingBox()
  return box!.y
}

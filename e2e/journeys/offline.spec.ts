import { expect, type Page, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel, Panel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

const SAVED = "service.start(() => console.log('saved'))\n"

const banner = (page: Page) => page.getByRole('status').filter({ hasText: 'The agent cannot be reached.' })
const draftOf = (page: Page, prefix: string, text: string) =>
  page.evaluate(
    ([start, wanted]) =>
      Object.entries(localStorage).some(([key, value]) => key.startsWith(start!) && value.includes(wanted!)),
    [prefix, text],
  )

test('code typed while the agent is away: kept, saved when it is back, compared where it moved on', async ({
  page,
  context,
}) => {
  test.setTimeout(180_000)
  await using agent = await TestAgent.start()
  const panel = await openPanel(page, agent)
  await panel.newProject('Away')
  await panel.writeCode(SAVED)
  await panel.save()

  await test.step('the agent goes away: a banner says so, typing goes on, nothing that was typed is lost', async () => {
    await agent.stop()
    await panel.writeCode('// typed while away\n')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(banner(page)).toBeVisible()
    // In the panel's words, not the browser's.
    await expect(
      page.getByRole('alert').filter({ hasText: 'The agent cannot be reached. Check that it runs' }),
    ).toBeVisible()
    await expect.poll(() => draftOf(page, 'm3m.draft.', 'typed while away')).toBe(true)
    await takePictures(page, '60-offline-code')
  })

  await test.step('it comes back: the banner goes by itself, the text is still there and is saved', async () => {
    await agent.serve()
    await expect(banner(page)).toBeHidden({ timeout: 30_000 })
    await expect(panel.editor()).toBeVisible()
    await panel.save()
    const wire = await Wire.signIn(agent)
    const [project] = await wire.query<{ id: string }[]>('projects.list')
    const { files } = await wire.query<{ files: { code: string }[] }>('pipeline.branch', {
      projectId: project!.id,
      name: 'develop',
    })
    expect(files[0]!.code).toContain('typed while away')
  })

  await test.step('the page is closed while the agent is away; somebody else saves; the difference is shown', async () => {
    await agent.stop()
    await panel.writeCode('// mine, never saved\n')
    await expect.poll(() => draftOf(page, 'm3m.draft.', 'never saved')).toBe(true)
    const address = page.url()
    await page.close()
    await agent.serve()
    const wire = await Wire.signIn(agent)
    const [project] = await wire.query<{ id: string }[]>('projects.list')
    const files = [{ path: 'main.js', code: '// theirs\n' }]
    await wire.mutate('pipeline.saveFiles', { projectId: project!.id, branch: 'develop', files })
    const again = await context.newPage()
    await again.goto(address)
    const notice = again.getByRole('alert').filter({ hasText: 'a draft of yours' })
    await expect(notice).toBeVisible({ timeout: 20_000 })
    await notice.getByRole('button', { name: 'Compare' }).click()
    await expect(again.getByRole('dialog')).toContainText('main.js')
    await takePictures(again, '61-offline-compare')
    await again.keyboard.press('Escape')
    await notice.getByRole('button', { name: 'Use draft' }).click()
    await new Panel(again).save()
    const saved = await wire.query<{ files: { code: string }[] }>('pipeline.branch', {
      projectId: project!.id,
      name: 'develop',
    })
    expect(saved.files[0]!.code).toBe('// mine, never saved\n')
  })
})

test('a record edited while the agent is away: kept, offered again, and set against what came meanwhile', async ({
  page,
}) => {
  test.setTimeout(180_000)
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  const { id: projectId, slug } = await wire.project('Shop', SAVED)
  await wire.mutate('models.create', {
    projectId,
    name: 'Teas',
    slug: 'teas',
    fields: [
      { key: 'title', type: 'string' },
      { key: 'price', type: 'number' },
    ],
  })
  const record = await wire.mutate<{ id: string }>('records.create', {
    projectId,
    model: 'teas',
    data: { title: 'Sencha', price: 4 },
  })
  await openPanel(page, agent)
  const title = page.locator('[data-field="title"]').getByRole('textbox')
  const open = async () => {
    await page.goto(`${agent.url}/projects/${slug}/data/teas?record=${record.id}`)
    await expect(title).toBeVisible()
  }
  await open()

  await test.step('the form takes changes while the agent is away, and a save that fails keeps them', async () => {
    await agent.stop()
    await title.fill('Gyokuro')
    await page.getByRole('button', { name: 'Save record' }).click()
    await expect(banner(page)).toBeVisible()
    await expect(title).toHaveValue('Gyokuro')
    await expect.poll(() => draftOf(page, 'm3m.draft.record.', 'Gyokuro')).toBe(true)
    await takePictures(page, '62-offline-record')
  })

  await test.step('the agent is back and somebody saved the record: the form says so and keeps both apart', async () => {
    await agent.serve()
    const other = await Wire.signIn(agent)
    await other.mutate('records.update', {
      projectId,
      model: 'teas',
      id: record.id,
      data: { title: 'Bancha', price: 3 },
    })
    await expect(banner(page)).toBeHidden({ timeout: 30_000 })
    await expect(title).toHaveValue('Gyokuro')
    page.once('dialog', (dialog) => void dialog.accept())
    await open()
    await expect(page.getByText('The record was saved by somebody since then.')).toBeVisible()
    await page.getByRole('button', { name: 'Restore' }).click()
    await expect(title).toHaveValue('Gyokuro')
    await page.getByRole('button', { name: 'Save record' }).click()
    const dialog = page.getByRole('dialog', { name: 'Somebody saved this record before you' })
    await expect(dialog).toContainText('Bancha')
    await takePictures(page, '63-offline-record-compare')
    await dialog.getByRole('button', { name: 'Go on with these values' }).click()
    await page.getByRole('button', { name: 'Save record' }).click()
    await expect
      .poll(() =>
        other.query<{ title: string; price: number }>('records.get', {
          projectId,
          model: 'teas',
          id: record.id,
        }),
      )
      .toMatchObject({ title: 'Gyokuro', price: 3 })
  })
})

test('the agent is killed under open pages: nothing looks alive, nothing is lost, and what failed is done again', async ({
  page,
  context,
}) => {
  test.setTimeout(180_000)
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  const { id: projectId, slug } = await wire.project('Shop', SAVED)
  await wire.mutate('models.create', {
    projectId,
    name: 'Teas',
    slug: 'teas',
    fields: [{ key: 'title', type: 'string' }],
  })
  const record = await wire.mutate<{ id: string }>('records.create', {
    projectId,
    model: 'teas',
    data: { title: 'Sencha' },
  })
  await wire.debug(projectId)
  const table = page
  await openPanel(table, agent)
  await table.goto(`${agent.url}/projects/${slug}/data/teas`)
  const overview = await context.newPage()
  await overview.goto(`${agent.url}/projects/${slug}`)
  await expect(new Panel(overview).state('Running')).toBeVisible()
  const pages = [table, overview]
  const grid = table.getByRole('grid')
  const cell = grid.getByRole('textbox')
  const stop = overview.getByRole('button', { name: 'Stop', exact: true })

  await test.step('an edit in a cell is open, and the agent is gone', async () => {
    await table.bringToFront()
    await expect(grid.getByText('Sencha')).toBeVisible()
    await grid.focus()
    await table.keyboard.press('Control+Home')
    await table.keyboard.press('F2')
    await cell.fill('Gyokuro')
    await agent.kill9()
    for (const one of pages) await expect(banner(one)).toBeVisible({ timeout: 30_000 })
    for (const one of pages) await expect(one.locator('[data-reach="offline"]')).toBeVisible()
  })

  await test.step('what is asked for now is refused in the words of the panel, where it was asked', async () => {
    await table.bringToFront()
    await cell.press('Enter')
    await expect(grid.getByText('The agent cannot be reached.')).toBeVisible()
    await expect(cell).toHaveValue('Gyokuro')
    await overview.bringToFront()
    await stop.click()
    await expect(overview.getByRole('alert').first()).toContainText('The agent cannot be reached.')
    await takePictures(overview, '65-offline-overview')
  })

  await test.step('it is back: the banners go, the error says what to do, and it is done', async () => {
    await agent.serve()
    for (const one of pages) await expect(banner(one)).toBeHidden({ timeout: 30_000 })
    await expect(overview.getByRole('alert').first()).toContainText(
      'It is back: if this was not done, do it again.',
    )
    await takePictures(overview, '66-back-overview')
    await table.bringToFront()
    await expect(cell).toHaveValue('Gyokuro')
    await cell.press('Enter')
    await expect(grid.getByText('Gyokuro')).toBeVisible()
    const again = await Wire.signIn(agent)
    const read = { projectId, model: 'teas', id: record.id }
    await expect.poll(() => again.query('records.get', read)).toMatchObject({ title: 'Gyokuro' })
  })
})

test('a page that opens while the agent is away goes on by itself when it is back', async ({ page }) => {
  await using agent = await TestAgent.start()
  await openPanel(page, agent)
  // The page itself comes from its cache or a proxy; here every word to the agent is lost on the way.
  await page.route('**/auth/refresh', (route) => route.abort())
  await page.route('**/health', (route) => route.abort())
  await page.reload()
  await expect(page.getByRole('heading', { name: 'The agent does not answer' })).toBeVisible()
  await page.unroute('**/auth/refresh')
  await page.unroute('**/health')
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible({ timeout: 20_000 })
})

test('an agent that lacks something has it greyed, and says what to do', async ({ page }) => {
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  await wire.project('Old friend', SAVED)
  // As an agent from before alerts and storage would answer.
  const lacking = ['alerts.list', 'storage.list']
  await page.route('**/trpc/**', async (route) => {
    const url = route.request().url()
    // Asked all the same, it answers as to any name it does not know.
    if (!url.includes('agent.procedures'))
      return route.fallback({ url: lacking.reduce((at, name) => at.replaceAll(name, `${name}OfLater`), url) })
    const response = await route.fetch()
    const text = lacking.reduce((body, name) => body.replace(`"${name}",`, ''), await response.text())
    await route.fulfill({ response, body: text })
  })
  await openPanel(page, agent)
  await page
    .getByRole('link', { name: /Old friend/ })
    .first()
    .click()
  const navigation = page.getByRole('navigation', { name: 'Navigation' })
  for (const name of ['Storage', 'Alerts'])
    await expect(navigation.getByRole('link', { name, exact: true })).toHaveAttribute('aria-disabled', 'true')
  await expect(navigation.getByRole('link', { name: 'Data', exact: true })).not.toHaveAttribute(
    'aria-disabled',
  )
  await expect(page.getByTestId('skew')).toContainText('is older than the panel')
  await takePictures(page, '64-version-skew')
  await page.goto(`${agent.url}/projects/old-friend/storage`)
  await expect(page.getByRole('alert').first()).toContainText('does not have this yet')
})

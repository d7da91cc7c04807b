import { expect, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

const SERVICE = `service.boot(() => {
  router.get('/hello/:name', async (ctx) => {
    await database.visits.insert({ name: ctx.params.name })
    logger.info('greeted', ctx.params.name)
    return { hello: ctx.params.name, visits: await database.visits.count() }
  })

  router.get('/broken', () => {
    throw new Error('broken on purpose')
  })

  schedule.daily(() => logger.info('a new day'))
})

service.start(() => logger.info('ready to serve'))
service.shutdown(() => logger.info('goodbye'))
`

interface RunLog {
  lines: { text: string; level: string }[]
}

test('from an empty folder to a service that survives kill -9', async ({ page }) => {
  // The longest journey: a minute on idle cores.
  test.setTimeout(300_000)
  await using agent = await TestAgent.start()
  const curl = async (path: string) => fetch(`${agent.url}/r/greeter${path}`)

  const panel = await test.step('sign in', async () => {
    await page.goto(agent.url)
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await takePictures(page, '01-sign-in')
    return openPanel(page, agent)
  })
  await takePictures(page, '02-projects-empty')

  await test.step('new project: the editor opens with the template', async () => {
    await panel.newProject('Greeter')
    await expect(page.getByTestId('editor')).toContainText('service.boot')
  })

  await test.step('a model for the records', async () => {
    await panel.goTo('Data')
    await page.getByRole('button', { name: 'New model' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New model' })
    await dialog.getByLabel('Name', { exact: true }).fill('Visits')
    await dialog.getByLabel('Key of field 1').fill('name')
    await dialog.getByRole('button', { name: 'Create model' }).click()
    await expect(page.getByRole('heading', { name: 'Visits' })).toBeVisible()
    await panel.goTo('Pipeline')
  })

  await test.step('write the service; Save makes the branch develop', async () => {
    await panel.writeCode(SERVICE)
    await panel.save()
    await expect(page.getByRole('button', { name: 'Branch develop' })).not.toContainText('new')
    // The editor knows the model that was just made.
    await expect(panel.statusBar()).toContainText('No problems')
  })

  const wire = await Wire.signIn(agent)
  const { id: projectId } = await wire.query<{ id: string }>('projects.get', { slug: 'greeter' })

  await test.step('what was saved is what was written', async () => {
    const branch = await wire.query<{ files: object[] }>('pipeline.branch', { projectId, name: 'develop' })
    expect(branch.files).toEqual([expect.objectContaining({ path: 'main.js', code: SERVICE })])
  })

  await test.step('Run debug: its log streams beside the editor, the route answers', async () => {
    await page.getByRole('button', { name: 'Run debug' }).click()
    await expect(panel.source('debug · develop')).toBeVisible({ timeout: 20_000 })
    await expect(panel.log()).toContainText('ready to serve')
    const answer = await curl('/hello/world')
    expect([answer.status, await answer.json()]).toEqual([200, { hello: 'world', visits: 1 }])
    await expect(panel.log()).toContainText('greeted world')
    await takePictures(page, '03-pipeline-debug')
  })

  await test.step('Release 1.0 stable with a comment', async () => {
    await page.getByRole('button', { name: 'Release…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Release 1.0' })
    await dialog.getByRole('radio', { name: 'stable' }).check()
    await dialog.getByLabel('Comment').fill('The first greeting')
    await dialog.getByRole('button', { name: 'Release 1.0' }).click()
    await expect(page.getByText('The first greeting')).toBeVisible()
    await takePictures(page, '04-releases')
  })

  await test.step('start it from the Overview: the badges say what runs', async () => {
    await panel.goTo('Overview')
    await panel.start('Start release 1.0 stable')
    await expect(panel.source('1.0 · develop · stable')).toBeVisible({ timeout: 20_000 })
    await expect(panel.state('Running')).toBeVisible()
    const answer = await curl('/hello/again')
    expect(await answer.json()).toEqual({ hello: 'again', visits: 2 })
    await takePictures(page, '05-overview-running')
  })

  await test.step('an exception in a route is in the log with file:line:column', async () => {
    const answer = await curl('/broken')
    expect(answer.status).toBe(500)
    expect(await answer.json()).toEqual({ error: expect.any(String), requestId: expect.any(String) })
    await panel.goTo('Logs')
    await expect(panel.log()).toContainText('broken on purpose')
    await expect(panel.log()).toContainText('main.js:9:11')
    await takePictures(page, '06-logs')
  })

  await test.step('Stop: the shutdown callbacks ran exactly once', async () => {
    const { observed } = await wire.query<{ observed: { runId: string } }>('runs.state', { projectId })
    await panel.goTo('Overview')
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect(panel.state('Stopped')).toBeVisible({ timeout: 40_000 })
    const answer = await curl('/hello/nobody')
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true])
    const log = await wire.query<RunLog>('runs.logs', {
      projectId,
      runId: observed.runId,
      direction: 'backward',
      limit: 200,
    })
    expect(log.lines.filter(({ text }) => text.includes('goodbye'))).toHaveLength(1)
    await expect(panel.log()).toContainText('goodbye')
    await takePictures(page, '07-overview-stopped')
  })

  await test.step('kill -9 of the agent and restart: it runs again', async () => {
    await panel.start('Start release 1.0 stable')
    await expect(panel.state('Running')).toBeVisible({ timeout: 20_000 })
    // The badge is faster than the answer to the start, which then would rightly be reported as lost.
    await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeEnabled()
    await agent.kill9()
    await expect(page.getByText('The agent cannot be reached.')).toBeVisible({ timeout: 20_000 })
    await agent.serve()
    await expect.poll(async () => (await curl('/hello/back')).status, { timeout: 30_000 }).toBe(200)
    expect(await (await curl('/hello/back')).json()).toEqual({ hello: 'back', visits: 4 })
    // The page comes back by itself, still signed in.
    await expect(page.getByText('The agent cannot be reached.')).toBeHidden({ timeout: 20_000 })
    await expect(panel.state('Running')).toBeVisible()
    await expect(panel.source('1.0 · develop · stable')).toBeVisible()
  })

  await test.step('pictures of the other pages', async () => {
    const pages: [string, string][] = [
      ['Projects', '08-projects'],
      ['Data', '09-data'],
      ['Environment', '10-environment'],
      ['Settings', '11-settings'],
      ['Operators', '12-operators'],
      ['Audit', '13-audit'],
    ]
    for (const [link, name] of pages) {
      await page.goto(`${agent.url}/projects/greeter`)
      await panel.goTo(link)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await takePictures(page, name)
    }
    await page.goto(`${agent.url}/projects/greeter/data/visits`)
    await expect(page.getByRole('gridcell', { name: 'world' })).toBeVisible()
    await takePictures(page, '14-records')
    await page.goto(`${agent.url}/profile`)
    await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible()
    await takePictures(page, '15-profile')
  })
})

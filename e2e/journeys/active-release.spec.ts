import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel, type Panel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

const codeOf = (version: string) => `router.get('/', () => ({ version: '${version}' }))\n`

interface Shown {
  state: 'Running' | 'Stopped' | 'Crashed'
  /** As the source badge says it; null: there is none beside the state. */
  source: string | null
  /** The release that is marked as running. */
  marked: string | null
  /** What answers under the project's address. */
  answers: string | number
}

// Seventeen visits of pages, three of them the editor's, and three starts of the agent.
test.setTimeout(240_000)

test('header, strip, sidebar, start menu and list of releases say what runs, without a reload', async ({
  page,
}) => {
  await using agent = await TestAgent.start()
  let wire = await Wire.signIn(agent)
  const project = await wire.project('Truth', codeOf('1.0'))
  const projectId = project.id
  const release = async (tag: string) =>
    (
      await wire.mutate<{ version: string }>('pipeline.createRelease', {
        projectId,
        branch: 'develop',
        bump: 'minor',
        tag,
      })
    ).version
  expect(await release('stable')).toBe('1.0')
  await wire.mutate('pipeline.saveFiles', {
    projectId,
    branch: 'develop',
    files: [{ path: 'main.js', code: codeOf('1.1') }],
  })
  expect(await release('stable')).toBe('1.1')
  await wire.mutate('pipeline.saveFiles', {
    projectId,
    branch: 'develop',
    files: [{ path: 'main.js', code: codeOf('debug') }],
  })

  const panel = await openPanel(page, agent)
  await page.getByRole('link', { name: 'Truth' }).first().click()
  const says = (shown: Shown) => expectTruth(page, panel, agent, shown)
  const saysEverywhere = async (shown: Shown) => {
    await says(shown)
    await expectListed(page, panel, shown)
  }

  await test.step('nothing has run', () =>
    says({ state: 'Stopped', source: null, marked: null, answers: 503 }))

  const first = { state: 'Running', source: '1.0 · develop · stable', marked: '1.0', answers: '1.0' } as const
  const second = {
    state: 'Running',
    source: '1.1 · develop · stable',
    marked: '1.1',
    answers: '1.1',
  } as const

  await test.step('a release is started from the menu', async () => {
    await panel.goTo('Overview')
    await panel.start(/Start release 1\.0/)
    await says(first)
  })
  await test.step('a debug run takes its place, and gives it back', async () => {
    await panel.start(/Start branch develop/)
    await saysEverywhere({ state: 'Running', source: 'debug · develop', marked: null, answers: 'debug' })
    await expect(page.getByRole('main').getByText('release 1.0 returns after it')).toBeVisible()
    await takePictures(page, 'active-release-debug')
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await says(first)
  })
  await test.step('a program switches to another version: the open page follows', async () => {
    await wire.mutate('runs.start', { projectId, source: { release: '1.1' } })
    await saysEverywhere(second)
  })
  await test.step('its process is killed: it comes back by itself', async () => {
    for (const pid of await runnersOf(agent.pid)) process.kill(pid, 'SIGKILL')
    await says(second)
  })
  await test.step('the agent is killed and starts again: the page finds back', async () => {
    await agent.kill9()
    await agent.serve()
    await says(second)
    wire = await Wire.signIn(agent)
  })
  await test.step('the agent is stopped and started during a debug run: the release returns', async () => {
    await wire.debug(projectId)
    await says({ state: 'Running', source: 'debug · develop', marked: null, answers: 'debug' })
    await agent.stop()
    await agent.serve()
    await says(second)
    wire = await Wire.signIn(agent)
  })
  await test.step('back to the older version', async () => {
    await panel.start(/Start release 1\.0/)
    await says(first)
  })
  await test.step('stopped, the active release stays named; removed, it is not active any more', async () => {
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await saysEverywhere({ state: 'Stopped', source: null, marked: null, answers: 503 })
    await expect(page.getByRole('main').getByText('active release 1.0')).toBeVisible()
    await wire.mutate('pipeline.removeRelease', { projectId, version: '1.0' })
    await expect(page.getByRole('main').getByText('active release 1.0')).toBeHidden()
    const state = await wire.query<{ activeRelease: string | null }>('runs.state', { projectId })
    expect(state.activeRelease).toBeNull()
  })
})

/** Boots once the file `go` is there, so that a test sees it start for as long as it likes. */
const WAITS = `
service.boot(async () => {
  while (!(await storage.exists('go'))) await utils.sleep(100)
  router.get('/', () => ({ version: '1.1' }))
})
`
const CANNOT_BOOT = `service.boot(() => { throw new Error('no price list') })\n`
test('two windows and one of a viewer follow a switch, one that fails, a back-off, another address, a removal', async ({
  page,
  browser,
}) => {
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  const { id: projectId } = await wire.project('Truth', codeOf('1.0'))
  await wire.release(projectId)
  const released = async (code: string) => {
    const files = [{ path: 'main.js', code }]
    await wire.mutate('pipeline.saveFiles', { projectId, branch: 'develop', files })
    const release = { projectId, branch: 'develop', bump: 'minor', tag: 'stable' }
    return (await wire.mutate<{ version: string }>('pipeline.createRelease', release)).version
  }
  const viewer = { email: 'ann@example.com', password: 'correct horse battery' }
  const rights = { createProjects: false, manageUsers: false, projects: [{ projectId, role: 'viewer' }] }
  await wire.mutate('users.create', { ...viewer, name: 'Ann', rights })

  // Opened before anything happens, and never reloaded.
  const mine = await openPanel(page, agent)
  await page.getByRole('link', { name: 'Truth' }).first().click()
  const second = await (await browser.newContext()).newPage()
  await openPanel(second, agent)
  await second.goto(`${agent.url}/projects/truth/pipeline?tab=releases`)
  const hers = await (await browser.newContext()).newPage()
  await hers.goto(agent.url)
  await hers.getByLabel('E-mail').fill(viewer.email)
  await hers.getByLabel('Password').fill(viewer.password)
  await hers.getByRole('button', { name: 'Sign in' }).click()
  await hers.getByRole('link', { name: 'Truth' }).first().click()

  const all = [page, second, hers]
  const allSay = async (state: string, source: string | null) => {
    for (const window of all) {
      const badge = window.getByLabel(`State: ${state}`).filter({ visible: true }).first()
      await expect(badge).toBeVisible({ timeout: 30_000 })
      await expect(
        window.getByRole('complementary').getByRole('img', { name: state, exact: true }).first(),
      ).toBeVisible()
      if (source)
        await expect(window.getByLabel(`Source: ${source}`).filter({ visible: true }).first()).toBeVisible()
    }
  }
  const row = (version: string) => second.getByRole('listitem', { name: version, exact: true })
  const marked = async (version: string | null) => {
    const marks = second.getByRole('main').getByRole('listitem').getByLabel('State: Running')
    await expect(marks).toHaveCount(version ? 1 : 0)
    if (version) await expect(row(version).getByLabel('State: Running')).toBeVisible()
  }
  const answers = async (status: number) =>
    expect.poll(async () => (await fetch(`${agent.url}/r/truth/`)).status).toBe(status)

  await allSay('Running', '1.0 · develop · stable')
  await marked('1.0')
  await expect(hers.getByRole('button', { name: 'Start', exact: true })).toBeHidden()
  await expect(hers.getByRole('button', { name: 'Stop', exact: true })).toBeHidden()

  await test.step('a release that somebody made is in the other list and menu', async () => {
    expect(await released(WAITS)).toBe('1.1')
    await expect(row('1.1')).toBeVisible()
    await mine.start(/Start release 1\.1/)
  })
  // Quick: a boot may take 30 s.
  await test.step('while it starts, every window says so, and which one still runs', async () => {
    await allSay('Starting', '1.1 · develop · stable')
    await marked('1.0')
    await expect(page.getByRole('main').getByText('1.0 runs on until then')).toBeVisible()
    await expect(hers.getByRole('main').getByText('1.0 runs on until then')).toBeVisible()
    await answers(200)
    await wire.mutate('storage.writeText', { projectId, path: 'go', content: '' })
    await allSay('Running', '1.1 · develop · stable')
    await marked('1.1')
  })
  await test.step('one that cannot boot changes nothing, and who asked is told why', async () => {
    expect(await released(CANNOT_BOOT)).toBe('1.2')
    await mine.start(/Start release 1\.2/)
    await expect(page.getByRole('alert')).toContainText('no price list', { timeout: 30_000 })
    await allSay('Running', '1.1 · develop · stable')
    await marked('1.1')
    await answers(200)
  })
  await test.step('one that crashes is waited for; a stop ends the waiting, in every window', async () => {
    // Alone in its process, so that nobody else can be blamed for its end; the fourth wait is half a minute long.
    await wire.mutate('projects.update', { projectId, settings: { isolation: 'process' } })
    await wire.mutate('runs.restart', { projectId })
    const runId = async () =>
      (await wire.query<{ observed: { runId: string } }>('runs.state', { projectId })).observed.runId
    for (let crash = 1; crash <= 4; crash += 1) {
      await wire.isRunning(projectId)
      const before = await runId()
      for (const pid of await runnersOf(agent.pid)) process.kill(pid, 'SIGKILL')
      const isOver = async () => (await wire.state(projectId)) === 'crashed' || (await runId()) !== before
      await expect.poll(isOver).toBe(true)
    }
    await allSay('Crashed', '1.1 · develop · stable')
    await expect(page.getByRole('main').getByText('Waiting to restart')).toBeVisible()
    await marked(null)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await allSay('Stopped', null)
    await answers(503)
    await expect(page.getByRole('main').getByText('active release 1.1')).toBeVisible()
    expect((await wire.query<{ desired: { run: boolean } }>('runs.state', { projectId })).desired.run).toBe(
      false,
    )
  })
  await test.step('another name and address reach every window; each stays on its page', async () => {
    await wire.mutate('projects.update', { projectId, name: 'Facts', slug: 'facts' })
    await expect(page).toHaveURL(`${agent.url}/projects/facts`)
    await expect(second).toHaveURL(/projects\/facts\/pipeline\?tab=releases/)
    await expect(hers.getByRole('heading', { name: 'Facts' })).toBeVisible()
    await expect(second.getByRole('button', { name: 'Switch project' })).toContainText('Facts')
  })
  await test.step('removed, it is gone from every window', async () => {
    await wire.mutate('projects.remove', { projectId, confirmName: 'Facts' })
    for (const window of all) await expect(window.getByRole('main').getByRole('alert')).toContainText('facts')
  })
})

/** What answers, the header, the sidebar and the start menu. */
async function expectTruth(page: Page, panel: Panel, agent: TestAgent, shown: Shown): Promise<void> {
  const { state, source } = shown
  const answer = async () => {
    const response = await fetch(`${agent.url}/r/truth/`).catch(() => null)
    return response?.ok ? ((await response.json()) as { version: string }).version : response?.status
  }
  await expect.poll(answer, { timeout: 30_000, message: 'what answers' }).toBe(shown.answers)
  await panel.goTo('Overview')
  const header = page.getByRole('main').locator('header').first()
  await expect(header.getByLabel(`State: ${state}`)).toBeVisible({ timeout: 30_000 })
  if (source) await expect(header.getByLabel(`Source: ${source}`)).toBeVisible()
  await expect(
    page.getByRole('complementary').getByRole('img', { name: state, exact: true }).first(),
  ).toBeVisible()

  await page.getByRole('button', { name: 'Start', exact: true }).click()
  const running = page.getByRole('menuitem').filter({ hasText: 'Running' })
  await expect(running).toHaveCount(state === 'Running' ? 1 : 0)
  if (source) await expect(running.getByLabel(`Source: ${source}`)).toBeVisible()
  await page.keyboard.press('Escape')
}

/** The strip that stands on every other page, and the list of releases. Leaves the page at the Overview. */
async function expectListed(page: Page, panel: Panel, { state, source, marked }: Shown): Promise<void> {
  await panel.goTo('Pipeline')
  await page.getByRole('tab', { name: /Releases/ }).click()
  await expect(page.getByText('1.1').first()).toBeVisible()
  const strip = page.getByTestId('project-strip')
  await expect(strip.getByLabel(`State: ${state}`)).toBeVisible()
  if (source) await expect(strip.getByLabel(`Source: ${source}`)).toBeVisible()
  const rows = page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByLabel('State: Running') })
  await expect(rows).toHaveCount(marked ? 1 : 0)
  if (marked) await expect(rows).toContainText(marked)
  await panel.goTo('Overview')
}

/** Every process that runs services, the spare one too (proc(5)). */
async function runnersOf(agentPid: number): Promise<number[]> {
  const children = await readFile(`/proc/${agentPid}/task/${agentPid}/children`, 'utf8')
  const pids = children.trim().split(' ').map(Number)
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return pids.filter((_, index) => commands[index]!.includes('compose-runner'))
}

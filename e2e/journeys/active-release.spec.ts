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

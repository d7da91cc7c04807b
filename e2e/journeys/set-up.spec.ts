import { expect, test } from '@playwright/test'
import { expectAccessible } from '../fixtures/accessibility.ts'
import { ROOT, TestAgent } from '../fixtures/agent.ts'
import { Panel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'

test('a new agent: the link that it prints makes the first operator, once', async ({ page, context }) => {
  await using agent = await TestAgent.start({ operator: false })
  const printed = () => /http\S+\/setup#[0-9a-f]{64}/.exec(agent.output)?.[0] ?? ''
  await expect.poll(printed).toContain(`${agent.url}/setup#`)
  const link = printed()

  await test.step('the form of the sign-in says that nobody can sign in yet', async () => {
    await page.goto(agent.url)
    await expect(page.getByText('This agent has no operator yet.')).toBeVisible()
    await takePictures(page, 'sign-in-new')
  })

  await test.step('a link of an earlier start is refused, and says which one is good', async () => {
    await page.goto(`${agent.url}/setup#${'0'.repeat(64)}`)
    await fill(page)
    await expect(page.getByRole('alert')).toContainText('Open the one that it printed last')
  })

  await test.step('the link makes the root and signs them in', async () => {
    await page.goto('about:blank')
    await page.goto(link)
    await expect(page.getByRole('heading', { name: 'Set up m3m' })).toBeVisible()
    await expectAccessible(page, 'set up')
    await takePictures(page, 'set-up')
    await fill(page)
    await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
    expect(page.url()).not.toContain('setup')
  })

  await test.step('afterwards the link leads to the sign-in, or to the projects', async () => {
    await page.goto('about:blank')
    await page.goto(link)
    await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
    expect(page.url()).not.toContain('setup')
    await context.clearCookies()
    await page.goto('about:blank')
    await page.goto(link)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByText('Password lost?')).toBeVisible()
    await new Panel(page).signIn()
  })
})

async function fill(page: Panel['page']): Promise<void> {
  await page.getByLabel('E-mail').fill(ROOT.email)
  await page.getByLabel('Password').fill(ROOT.password)
  await page.getByRole('button', { name: 'Create and sign in' }).click()
}

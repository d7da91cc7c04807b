import { expect, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'

test('a page whose code is on its way is a skeleton, not a blank, and comes by itself', async ({ page }) => {
  await using agent = await TestAgent.start()
  const panel = await openPanel(page, agent)
  await panel.newProject('Slow')
  const arrived = Promise.withResolvers<void>()
  await page.route(/overview-page.*\.js/, async (route) => {
    await arrived.promise
    await route.continue()
  })
  await page.goto(`${agent.url}/projects/slow`)
  const main = page.getByRole('main')
  await expect(main.getByRole('status')).toHaveAttribute('aria-busy', 'true')
  await expect(main.locator('.bg-muted').first()).toBeVisible()
  arrived.resolve()
  await expect(main.getByRole('heading', { name: 'Slow' })).toBeVisible()
  await expect(main.locator('.bg-muted[aria-hidden]')).toHaveCount(0)
})

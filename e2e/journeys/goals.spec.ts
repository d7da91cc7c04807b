import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

const CODE = `
router.get('/sell', async () => {
  await goals.increment('sales')
  await goals.increment('orders', 3)
  return 'sold'
})
`

/** The card of a goal. */
const card = (page: Page, name: string) =>
  page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name, exact: true }) })

async function makeGoal(
  page: Page,
  button: string,
  goal: { name: string; type: 'Counter' | 'Daily'; writer?: string },
) {
  await page.getByRole('button', { name: button }).first().click()
  const dialog = page.getByRole('dialog', { name: button })
  await dialog.getByLabel('Name', { exact: true }).fill(goal.name)
  await dialog.getByRole('radio', { name: goal.type }).click()
  if (goal.writer) await dialog.getByRole('checkbox', { name: goal.writer }).check()
  await dialog.getByRole('button', { name: 'Create goal' }).click()
  await expect(card(page, goal.name)).toBeVisible()
}

test('a service counts towards its own and a global goal; both are shown, saved and reset', async ({
  page,
}) => {
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  const project = await wire.project('Till', CODE)
  const panel = await openPanel(page, agent)

  await test.step('a global goal that the project may write, and one of its own', async () => {
    await panel.goTo('Global goals')
    await makeGoal(page, 'New global goal', { name: 'Orders', type: 'Counter', writer: 'Till' })
    await expect(card(page, 'Orders')).toContainText('Till')
    await page.goto(`${agent.url}/projects/${project.slug}/goals`)
    await expect(card(page, 'Orders')).toContainText('goals.increment(')
    await makeGoal(page, 'New goal', { name: 'Sales', type: 'Daily' })
  })

  await test.step('what the service counts is in the cards, the line and the figures', async () => {
    await wire.debug(project.id)
    for (let sale = 0; sale < 2; sale += 1)
      expect(await (await fetch(`${agent.url}/r/${project.slug}/sell`)).text()).toBe('sold')
    await page.reload()
    await expect(card(page, 'Sales')).toContainText(/2\s*today/)
    await expect(card(page, 'Orders')).toContainText(/6\s*in all/)
    await expect(card(page, 'Sales').getByRole('img')).toHaveAccessibleName(/^Sales, last 7 days: .* 2$/)
    await expect(page.getByRole('row', { name: /^Sum/ })).toContainText(/2\s*6|6\s*2/)
  })

  await test.step('another period is kept in the address, and the file has its days', async () => {
    await page.getByRole('radio', { name: '90 days' }).click()
    await expect(page).toHaveURL(/days=90/)
    await expect(card(page, 'Sales')).toContainText('2 in 90 days')
    await takePictures(page, 'goals')
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download CSV' }).click()
    const file = await saving
    const lines = (await readFile(await file.path(), 'utf8')).trim().split(/\r?\n/)
    expect(file.suggestedFilename()).toMatch(/^goals-till-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/)
    expect(lines).toHaveLength(91)
    const heading = lines[0]!.split(',')
    const today = lines
      .slice(1)
      .map((line) => line.split(','))
      .find((cells) => cells.slice(1).some((cell) => cell !== '0'))!
    expect(today[heading.findIndex((name) => name.endsWith('sales'))]).toBe('2')
    expect(today[heading.indexOf('orders')]).toBe('6')
  })

  await test.step('reset by its name: it begins again, the other stays', async () => {
    await card(page, 'Sales').getByRole('button', { name: 'Actions for Sales' }).click()
    await page.getByRole('menuitem', { name: 'Reset…' }).click()
    const dialog = page.getByRole('alertdialog')
    await expect(dialog.getByRole('button', { name: 'Reset goal' })).toBeDisabled()
    await dialog.getByRole('textbox').fill('Sales')
    await dialog.getByRole('button', { name: 'Reset goal' }).click()
    await expect(card(page, 'Sales')).toContainText(/0\s*today/)
    await expect(card(page, 'Orders')).toContainText(/6\s*in all/)
  })
})

import { expect, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

const CODE = `
actions.define('coupon', { name: 'New coupon', description: 'Customers can use it at once', color: 'violet' }, async (ctx) => {
  const answer = await ctx.ui.form({
    title: 'Coupon',
    schema: [{ name: 'code', label: 'Code', required: true }, { name: 'percent', label: 'Percent', type: 'number', defaultValue: 10 }],
    actions: [{ label: 'Make coupon', action: 'make' }],
    validate: ({ percent }) => (percent > 90 ? { percent: 'At most 90' } : null),
  })
  if (!answer) { logger.info('no coupon'); return 'No coupon was made.' }
  ctx.ui.toast({ text: 'Made by ' + ctx.by.name, severity: 'success' })
  return answer.data.code + ' takes off ' + answer.data.percent
})
$hook.onAction('till', function (ctx) {
  $ui.confirm({ text: 'Print the sums?', yes: 'Print' }, function (yes) {
    if (!yes) throw new Error('the printer sulks')
    $ui.alert({ title: 'Printed', text: 'Take the paper.' })
  })
}, 'Close the till')
`

test('actions: a form filled in by keyboard, errors at its fields, a question, and a person who leaves', async ({
  page,
}) => {
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  const { id: projectId, slug } = await wire.project('Till', CODE)
  await wire.mutate('runs.start', { projectId, source: { branch: 'develop' } })
  const panel = await openPanel(page, agent)
  await page.goto(`${agent.url}/projects/${slug}`)
  const coupon = page.getByRole('button', { name: 'New coupon', exact: true })

  await test.step('the form says what is missing, and what the service does not take', async () => {
    await coupon.focus()
    await page.keyboard.press('Enter')
    const form = page.getByRole('dialog', { name: 'Coupon' })
    await expect(form.getByLabel('Code')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(form.getByRole('alert')).toHaveText('This is needed.')
    await page.keyboard.type('SPRING')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('95')
    await page.keyboard.press('Enter')
    await expect(form.getByRole('alert')).toHaveText('At most 90')
    await takePictures(page, '50-action-form')
    await form.getByLabel('Percent').fill('20')
    await page.keyboard.press('Enter')
    await expect(form).toBeHidden()
    await expect(page.getByText('SPRING takes off 20')).toBeVisible()
    await expect(page.getByText('Made by root')).toBeVisible()
  })

  await test.step('a question of an older script, and its message', async () => {
    await page.getByRole('button', { name: 'Close the till' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Print' }).click()
    const message = page.getByRole('alertdialog', { name: 'Printed' })
    await expect(message).toContainText('Take the paper.')
    await message.getByRole('button', { name: 'OK' }).click()
    await expect(message).toBeHidden()
    await expect(page.getByRole('status').filter({ hasText: 'Done' })).toBeVisible()
    await takePictures(page, '51-actions')
  })

  await test.step('who leaves the page leaves the action, and the service hears of it', async () => {
    await coupon.click()
    await expect(page.getByRole('dialog', { name: 'Coupon' })).toBeVisible()
    await page.goto(`${agent.url}/projects/${slug}/logs`)
    await expect(panel.log()).toContainText('no coupon', { timeout: 40_000 })
    const entries = await wire.query<{ action: string; target: string }[]>('projects.audit', { projectId })
    const pressed = entries.filter(({ action }) => action === 'actions.press').map(({ target }) => target)
    expect(pressed.toSorted()).toEqual(['coupon', 'coupon', 'till'])
  })
})

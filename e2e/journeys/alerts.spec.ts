import { expect, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { Outbox } from '../fixtures/outbox.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

const SECRET = 'between-us'
/** Rules are looked at each 15 s. */
const TOLD_WITHIN_MS = 60_000

test('a crash is told by mail and webhook, signed, and the panel says that it was', async ({ page }) => {
  test.setTimeout(180_000)
  await using agent = await TestAgent.start()
  await using outbox = await Outbox.open(SECRET)
  const wire = await Wire.signIn(agent)
  const mail = {
    host: '127.0.0.1',
    port: outbox.mailPort,
    security: 'none',
    user: '',
    from: 'm3m@example.com',
  }
  await wire.mutate('agent.updateSettings', { revision: 0, mail })
  await wire.mutate('agent.updateSettings', { revision: 1, outbound: { allow: ['loopback'] } })
  const { id: projectId } = await wire.project('Till', `router.get('/', () => 'open')`)
  const panel = await openPanel(page, agent)

  await test.step('a rule is made and tried out', async () => {
    await panel.goTo('Alerts')
    await page.getByRole('combobox', { name: 'Whose alerts' }).click()
    await page.getByRole('option', { name: 'Till' }).click()
    await page.getByRole('button', { name: 'New rule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail to').fill('me@example.com')
    await dialog.getByLabel('Webhook').fill(outbox.hookUrl)
    await dialog.getByLabel('Secret that signs it').fill('with a space')
    await dialog.getByRole('button', { name: 'Save rule' }).click()
    await expect(dialog.getByLabel('Secret that signs it')).toHaveAccessibleDescription('It has no spaces.')
    await dialog.getByLabel('Secret that signs it').fill(SECRET)
    await dialog.getByRole('button', { name: 'Save rule' }).click()
    await expect(dialog).toBeHidden()
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await expect(page.getByText('Test sent by every channel.')).toBeVisible()
    expect(outbox.mails[0]!.subject).toContain('Till')
    expect(outbox.hooks[0]).toMatchObject({ event: 'test', isSigned: true })
  })

  await test.step('the service crashes', async () => {
    const code = `service.start(() => { setTimeout(() => { const all = []; for (;;) all.push(new Array(100000).fill(1)) }, 100) })`
    await wire.mutate('pipeline.saveFiles', {
      projectId,
      branch: 'develop',
      files: [{ path: 'main.js', code }],
    })
    await wire.mutate('runs.start', { projectId, source: { branch: 'develop' } })
    const history = page.getByRole('list', { name: 'What happened' })
    await expect(history.getByLabel('Lasts')).toBeVisible({ timeout: TOLD_WITHIN_MS })
    await page.reload()
    await expect(history).toContainText('Sent by e-mail, webhook.', { timeout: TOLD_WITHIN_MS })
    await expect(history).toContainText('memory')
    await takePictures(page, 'alerts')
    expect(outbox.mails.at(-1)!.subject).toContain('Till')
    expect(outbox.hooks.at(-1)).toMatchObject({ event: 'trouble', isSigned: true })
  })
})

import { createHmac } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

const SECRET = 'a shared secret'
const CODE = `
router.post('/hooks/shop', (ctx) => {
  const signature = crypto.hmac('sha256', '${SECRET}', ctx.rawBody)
  if (ctx.headers['x-signature'] !== signature) return router.response(401, { error: 'wrong signature' })
  return { taken: ctx.body.order }
})
`

test('a webhook that came in is looked at, and sent again', async ({ page }) => {
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  const { id: projectId, slug } = await wire.project('Shop hook', CODE)
  await wire.mutate('runs.start', { projectId, source: { branch: 'develop' } })
  const body = '{"order":  17}'
  const deliver = (signature: string) =>
    fetch(`${agent.url}/r/${slug}/hooks/shop?from=shop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signature': signature, authorization: 'Bearer t0p' },
      body,
    })
  await deliver('forged')

  await openPanel(page, agent)
  await page.goto(`${agent.url}/projects/${slug}/pipeline`)
  await page.getByRole('tab', { name: 'Requests' }).click()
  const kept = page.getByRole('region', { name: 'Came in' })
  const lines = kept.getByRole('button', { name: '/hooks/shop?from=shop' })

  await test.step('the one from before is there, the next one appears as it comes', async () => {
    await expect(lines).toHaveCount(1)
    await expect(lines).toContainText('401')
    await deliver(createHmac('sha256', SECRET).update(body).digest('hex'))
    await expect(lines).toHaveCount(2)
    await expect(lines.first()).toContainText('200')
  })

  await test.step('it says what came and what was answered, and gives no sign-in away', async () => {
    await lines.first().focus()
    await page.keyboard.press('Enter')
    const request = kept.getByRole('region', { name: 'Request' })
    await expect(request).toContainText('x-signature')
    await expect(request).toContainText('"order": 17')
    await expect(request.getByText('not shown')).toBeVisible()
    await expect(kept).not.toContainText('t0p')
    await expect(kept.getByRole('region', { name: 'Answer' })).toContainText('"taken": 17')
    await expect(kept).toContainText('Route /hooks/shop')
    await takePictures(page, '56-requests')
  })

  await test.step('sent again byte for byte, its signature holds', async () => {
    await kept.getByRole('button', { name: 'Edit and send again' }).click()
    await expect(page.getByLabel('Path')).toHaveValue('/hooks/shop?from=shop')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(page.getByTestId('answer-status')).toContainText('200')
    await expect(lines).toHaveCount(3)
  })

  await test.step('cleared, none is left', async () => {
    await kept.getByRole('button', { name: 'Clear' }).click()
    await expect(kept).toContainText('No request yet')
    await takePictures(page, '57-requests-none')
  })
})

import { expect, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'

/** The head of a PNG of one pixel, and the first bytes of what is in it. */
const BROKEN_OFF = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
).subarray(0, 45)

test('a picture that cannot be read says why in its preview, at once and when it is come back to', async ({
  page,
}) => {
  await using agent = await TestAgent.start()
  const panel = await openPanel(page, agent)
  await panel.newProject('Album')
  await panel.goTo('Storage')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: BROKEN_OFF })
  const row = page.getByRole('option', { name: 'broken.png' })
  for (let time = 0; time < 2; time++) {
    await row.dblclick()
    const preview = page.getByRole('region', { name: 'Preview' })
    await expect(preview.getByRole('alert')).toContainText('no picture that can be read')
    if (time === 0) await takePictures(page, '42-storage-broken-picture')
    await preview.getByRole('button', { name: 'Close preview' }).click()
  }
})

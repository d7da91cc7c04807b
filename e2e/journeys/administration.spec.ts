import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

// What an administrator does, in the panel: pictures, the audit log, settings of a project.
let agent: TestAgent
test.beforeAll(async () => {
  agent = await TestAgent.start()
})
test.afterAll(() => agent[Symbol.asyncDispose]())

/** A picture of 600 × 400: red on the left, blue on the right. */
async function picture(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 600
    canvas.height = 400
    const pen = canvas.getContext('2d')!
    pen.fillStyle = 'red'
    pen.fillRect(0, 0, 300, 400)
    pen.fillStyle = 'blue'
    pen.fillRect(300, 0, 300, 400)
    const blob = await new Promise<Blob>((resolve) => canvas.toBlob((made) => resolve(made!), 'image/png'))
    return [...new Uint8Array(await blob.arrayBuffer())]
  })
  return Buffer.from(bytes)
}

test('an operator crops a picture by keyboard; what is no picture is told', async ({ page }) => {
  await openPanel(page, agent)
  await page.goto(`${agent.url}/profile`)
  const choose = page.getByLabel('Choose picture…', { exact: true })
  await choose.setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
  const dialog = page.getByRole('dialog', { name: 'Crop picture' })
  await expect(dialog.getByRole('alert')).toContainText('not a picture')
  await expect(dialog.getByRole('button', { name: 'Save picture' })).toBeDisabled()
  await page.keyboard.press('Escape')

  await choose.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: await picture(page) })
  await expect(dialog.getByRole('button', { name: 'Save picture' })).toBeEnabled()
  await takePictures(page, 'profile-crop')
  await dialog.getByRole('slider', { name: 'Zoom' }).press('End')
  await dialog.getByLabel('Part of the picture that is kept').focus()
  for (let step = 0; step < 30; step += 1) await page.keyboard.press('ArrowRight')
  await dialog.getByRole('button', { name: 'Save picture' }).click()
  await expect(page.getByText('Picture saved.')).toBeVisible()

  // All of the circle was moved onto the red half; what is kept is 256 × 256 and new.
  const kept = page.getByRole('main').locator('img').first()
  await expect(kept).toBeVisible()
  const seen = await kept.evaluate((image: HTMLImageElement) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 256
    const pen = canvas.getContext('2d')!
    pen.drawImage(image, 0, 0)
    const [red = 0, , blue = 0] = pen.getImageData(128, 128, 1, 1).data
    return { size: [image.naturalWidth, image.naturalHeight], isRed: red > 200 && blue < 60 }
  })
  expect(seen).toEqual({ size: [256, 256], isRed: true })
  await takePictures(page, 'profile')
  await page.getByRole('button', { name: 'Remove picture' }).click()
  await expect(page.getByRole('button', { name: 'Choose picture…' })).toBeVisible()
})

test('the audit log is filtered, opened and exported', async ({ page }) => {
  const wire = await Wire.signIn(agent)
  const { id: projectId } = await wire.project('Audited', `service.boot(() => {})`)
  await wire.mutate('projects.update', { projectId, name: 'Audited well' })
  const panel = await openPanel(page, agent)
  await panel.goTo('Audit')
  await page.getByPlaceholder('Search who, what, from where').fill('projects.update')
  const row = page.getByRole('row').filter({ hasText: 'projects.update' })
  await expect(row).toHaveCount(1)
  await row.getByRole('button', { name: 'Show what changed' }).click()
  await expect(page.getByRole('cell', { name: 'Audited well' }).first()).toBeVisible()
  await takePictures(page, 'audit')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'As CSV' }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  expect(text).toContain('projects.update')
  expect(text).not.toContain('projects.create')
  await page.getByPlaceholder('Search who, what, from where').fill('no such thing at all')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await takePictures(page, 'audit-empty')
})

test('settings: mail of a project is saved, tried and told; what another changed meanwhile is not lost', async ({
  page,
}) => {
  const wire = await Wire.signIn(agent)
  const { id: projectId } = await wire.project('Mailer', `service.boot(() => {})`)
  await openPanel(page, agent)
  await page.goto(`${agent.url}/projects/mailer/settings`)
  const mail = page.getByRole('region', { name: 'Mail' })
  await mail.getByLabel('Server').fill('127.0.0.1')
  await mail.getByLabel('Port').fill('1')
  await mail.getByLabel('Password').fill('hunter2')
  await mail.getByRole('button', { name: 'Save' }).click()
  await expect(mail.getByRole('alert')).toContainText('address mail is sent from')
  await mail.getByLabel('Sender').fill('shop@example.com')
  await mail.getByRole('button', { name: 'Save' }).click()
  await mail.getByRole('button', { name: 'Send test mail' }).click()
  await expect(mail.getByRole('status')).toContainText('127.0.0.1 did not take the message')
  await mail.scrollIntoViewIfNeeded()
  await takePictures(page, 'project-mail')
  const saved = await wire.query<{ variables: unknown[]; revision: number }>('env.list', { projectId })
  expect(saved.variables).toContainEqual({ key: 'SMTP_PASS', type: 'secret', value: null })
  expect(saved.variables).toContainEqual({ key: 'SMTP_PORT', type: 'integer', value: 1 })

  // Somebody else saves variables between: the form says so and writes nothing over them.
  await mail.getByLabel('Port').fill('2525')
  const theirs = [...saved.variables, { key: 'THEIRS', type: 'string', value: 'kept' }]
  await wire.mutate('env.save', { projectId, variables: theirs, revision: saved.revision })
  await mail.getByRole('button', { name: 'Save' }).click()
  await expect(mail.getByRole('alert')).toBeVisible()
  const after = await wire.query<{ variables: { key: string }[] }>('env.list', { projectId })
  expect(after.variables.map(({ key }) => key)).toContain('THEIRS')
})

import { expect, type Page, test } from '@playwright/test'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expectAccessible } from '../fixtures/accessibility.ts'
import { TestAgent } from '../fixtures/agent.ts'
import { seedOrders } from '../fixtures/orders.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

const run = promisify(execFile)
/** What the examples name where they would change a record (samples.ts). */
const SAMPLE_ID = '6566f0c2a1b2c3d4e5f60718'
/** The least picture that is one: a PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** An example that goes on for ever is ended; it has been seen to work by then. */
const ENDLESS = 'Realtime'

test('a key for one model, and every call that the panel shows runs as it stands', async ({ page }) => {
  test.setTimeout(240_000)
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  const project = await wire.mutate<{ id: string; slug: string }>('projects.create', { name: 'Shop' })
  await seedOrders(agent, wire, project.id, 30)
  await openPanel(page, agent)
  const records = `${agent.url}/api/v1/projects/${project.slug}/records`

  await test.step('a key is made for chosen models, and opens no other', async () => {
    await page.goto(`${agent.url}/projects/${project.slug}/settings`)
    await page.getByRole('button', { name: 'New key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Shop window')
    await dialog.getByRole('radio', { name: 'Only chosen models' }).check()
    await expect(dialog.getByRole('button', { name: 'Create key' })).toBeDisabled()
    await dialog.getByRole('checkbox', { name: 'Orders' }).click()
    await expectAccessible(page, 'new key')
    await takePictures(page, '58-new-key')
    const key = await createKey(page)
    await expect(page.getByRole('listitem').filter({ hasText: 'Shop window' })).toContainText('orders')
    const ask = async (model: string) =>
      (await fetch(`${records}/${model}`, { headers: { authorization: `Bearer ${key}` } })).status
    expect([await ask('orders'), await ask('customers')]).toEqual([200, 403])
  })

  const key = await test.step('a key for goals asks for no models', async () => {
    await page.getByRole('button', { name: 'New key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('All')
    await dialog.getByRole('checkbox', { name: 'records:read' }).click()
    await dialog.getByRole('checkbox', { name: 'goals:write' }).click()
    await expect(dialog.getByRole('radio')).toHaveCount(0)
    await dialog.getByRole('checkbox', { name: 'records:read' }).click()
    await dialog.getByRole('checkbox', { name: 'records:write' }).click()
    return createKey(page)
  })

  const folder = await mkdtemp(join(tmpdir(), 'm3m-calls-'))
  try {
    await writeFile(join(folder, 'picture.png'), PIXEL)
    const options = { cwd: folder, env: { ...process.env, M3M_KEY: key }, timeout: 30_000 }
    await page.goto(`${agent.url}/projects/${project.slug}/data/orders?tab=call`)
    await page.getByRole('tab', { name: 'How to call' }).click()
    const calls = page.getByRole('tablist', { name: 'Calls' }).getByRole('tab')
    for (const language of ['curl', 'JavaScript']) {
      await page.getByRole('radio', { name: language }).click()
      for (const call of await calls.allTextContents()) {
        if (call === ENDLESS) continue
        await test.step(`${language}: ${call}`, async () => {
          await calls.filter({ hasText: new RegExp(`^${call}$`) }).click()
          const code = await codeOf(page, call)
          const { id } = await wire.mutate<{ id: string }>('records.create', {
            projectId: project.id,
            model: 'orders',
            data: { title: 'Ours' },
          })
          // A write names the record made for it, in the version that it has; a picture is read where there is one.
          const own = code
            .replaceAll(SAMPLE_ID, id)
            .replace(/"3"|(?<=version"?: ?)3/, (found) => found.replace('3', '1'))
          if (call === 'Get a file') await uploadTo(records, code, key)
          const [program, ...args] =
            language === 'curl'
              ? ['bash', '-c', own.replace(/^curl/, 'curl -sS --fail-with-body')]
              : [process.execPath, '--input-type=module', '-e', own]
          await run(program, args, options)
        })
      }
    }
    await expectAccessible(page, 'how to call')
    await takePictures(page, '59-calls')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

async function createKey(page: Page): Promise<string> {
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()
  const key = (await page.getByTestId('api-key').textContent())!
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click()
  return key
}

async function codeOf(page: Page, call: string): Promise<string> {
  await expect(page.getByRole('tabpanel', { name: call, exact: true })).toBeVisible()
  const code = page.getByRole('tabpanel', { name: call, exact: true }).locator('pre')
  return (await code.textContent())!
}

/** The example names a record that is there; it gets a picture. */
async function uploadTo(records: string, code: string, key: string): Promise<void> {
  const id = /orders\/([0-9a-f]{24})/.exec(code)![1]!
  const form = new FormData()
  form.set('photo', new Blob([PIXEL], { type: 'image/png' }), 'picture.png')
  const answer = await fetch(`${records}/orders/${id}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${key}` },
    body: form,
  })
  expect(answer.status, await answer.text()).toBe(200)
}

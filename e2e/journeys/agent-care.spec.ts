import { readFile, writeFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { ROOT, TestAgent } from '../fixtures/agent.ts'
import { openPanel, Panel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

// What keeps an agent in order: backups and their restore, operators, projects that come from elsewhere, its settings.
const PASSWORD = 'a long enough password'
const NEXT_PASSWORD = 'another long password'
const CODE = `router.get('/', () => ({ tea: 'hot' }))\n`

// Two windows, signed in four times; a restore with a restart.
test.setTimeout(240_000)

let agent: TestAgent
test.beforeAll(async () => {
  agent = await TestAgent.start()
})
test.afterAll(() => agent[Symbol.asyncDispose]())

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('an operator is added, gets a role, a new password, is blocked: each at once, in the window that is open', async ({
  page,
  browser,
}) => {
  const wire = await Wire.signIn(agent)
  await wire.project('Tea', CODE)
  const panel = await openPanel(page, agent)
  await panel.goTo('Operators')
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  const choose = async (name: string, item: string | RegExp) => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }

  await page.getByRole('button', { name: 'New operator' }).click()
  const dialog = page.getByRole('dialog', { name: 'New operator' })
  await dialog.getByLabel('Name').fill('Ann')
  await dialog.getByLabel('E-mail').fill('ann@example.com')
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await dialog.getByRole('checkbox', { name: 'Create projects' }).click()
  await dialog.getByRole('combobox', { name: 'Role of Tea' }).click()
  await page.getByRole('option', { name: 'Viewer' }).click()
  await dialog.getByRole('button', { name: 'Create operator' }).click()
  await expect(row('ann@example.com')).toContainText('1 project')
  await takePictures(page, 'operators')

  const hers = await (await browser.newContext()).newPage()
  const seesSignIn = () => expect(hers.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await hers.goto(agent.url)
  await signIn(hers, 'ann@example.com', PASSWORD)
  await hers.getByRole('link', { name: 'Tea' }).first().click()
  await expect(new Panel(hers).state('Stopped')).toBeVisible()
  await expect(hers.getByRole('button', { name: 'Start', exact: true })).toBeHidden()
  await expect(hers.getByRole('link', { name: 'Operators' })).toBeHidden()

  await test.step('another role ends her sessions; with it she may start', async () => {
    await choose('Ann', 'Edit')
    await page.getByRole('combobox', { name: 'Role of Tea' }).click()
    await page.getByRole('option', { name: 'Developer' }).click()
    await page.getByRole('button', { name: 'Save operator' }).click()
    await seesSignIn()
    await signIn(hers, 'ann@example.com', PASSWORD)
    await expect(hers.getByRole('button', { name: 'Start', exact: true })).toBeEnabled()
  })
  await test.step('a new password, too; the old one is refused', async () => {
    await choose('Ann', /new password/)
    await page.getByRole('alertdialog').getByLabel('Password', { exact: true }).fill(NEXT_PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await seesSignIn()
    await signIn(hers, 'ann@example.com', PASSWORD)
    await expect(hers.getByRole('alert')).toBeVisible()
    await signIn(hers, 'ann@example.com', NEXT_PASSWORD)
    await expect(new Panel(hers).state('Stopped')).toBeVisible()
  })
  const herWire = await Wire.signIn(agent, { email: 'ann@example.com', password: NEXT_PASSWORD })
  await herWire.project('Hers', CODE)
  await test.step('blocked she is out, and stays out', async () => {
    await choose('Ann', 'Block')
    await expect(row('ann@example.com')).toContainText('Blocked')
    await seesSignIn()
    await signIn(hers, 'ann@example.com', NEXT_PASSWORD)
    await expect(hers.getByRole('alert')).toBeVisible()
  })
  await test.step('root can be neither blocked nor deleted', async () => {
    await page.getByRole('button', { name: 'Actions for root' }).click()
    await expect(page.getByRole('menuitem', { name: 'Edit' })).toBeVisible()
    await expect(page.getByRole('menuitem', { name: /Block|Delete/ })).toHaveCount(0)
    await page.keyboard.press('Escape')
  })
  await test.step('who owns a project alone is not deleted before somebody else has it', async () => {
    await choose('Ann', 'Delete operator')
    const question = page.getByRole('alertdialog')
    await question.getByRole('textbox').fill('ann@example.com')
    await question.getByRole('button', { name: 'Delete operator' }).click()
    await expect(question.getByRole('alert')).toContainText('only owner of Hers')
    await question.getByRole('combobox', { name: 'Hand over to' }).click()
    await page.getByRole('option', { name: /root/ }).click()
    await question.getByRole('button', { name: 'Delete operator' }).click()
    await expect(row('ann@example.com')).toBeHidden()
  })
  await hers.context().close()
})

test('a project leaves as a file and comes back beside itself, whole or not at all', async ({ page }) => {
  const wire = await Wire.signIn(agent)
  const { id: projectId } = await wire.project('Coffee', CODE)
  await wire.mutate('storage.writeText', { projectId, path: 'menu.txt', content: 'espresso' })
  await openPanel(page, agent)
  await page.goto(`${agent.url}/projects/coffee/settings`)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export project' }).click()
  const file = await (await download).path()

  await page.goto(`${agent.url}/projects`)
  await page.getByRole('button', { name: 'Import project…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import project' })
  const send = async (buffer: Buffer, address: string) => {
    const name = 'coffee.m3m.tar.zst'
    await dialog.getByLabel(/^File/).setInputFiles({ name, mimeType: 'application/zstd', buffer })
    await dialog.getByLabel('Address').fill(address)
    await dialog.getByRole('button', { name: 'Import project' }).click()
  }
  const whole = await readFile(file)
  await test.step('a file that was cut off, one that is none, and a taken address are refused', async () => {
    await send(whole.subarray(0, whole.length / 2), 'half')
    await expect(dialog.getByRole('alert')).toBeVisible()
    await takePictures(page, 'import-refused')
    await send(Buffer.from('not an archive'), 'none')
    await expect(dialog.getByRole('alert')).toBeVisible()
    await send(whole, 'coffee')
    await expect(dialog.getByText(/coffee.*taken/)).toBeVisible()
    const all = await wire.query<{ slug: string }[]>('projects.list')
    expect(all.map(({ slug }) => slug)).toEqual(expect.not.arrayContaining(['half', 'none']))
  })
  await dialog.getByLabel('Name').fill('Second coffee')
  await send(whole, 'coffee-two')
  await expect(page.getByRole('heading', { name: 'Second coffee' })).toBeVisible()
  await expect(page.getByRole('main').getByLabel('State: Stopped')).toBeVisible()
  await new Panel(page).start(/Start branch develop/)
  await expect(page.getByRole('main').getByLabel('State: Running')).toBeVisible()
  const answer = await fetch(`${agent.url}/r/coffee-two/`)
  expect(await answer.json()).toEqual({ tea: 'hot' })
  await page.goto(`${agent.url}/projects/coffee-two/storage`)
  await expect(page.getByText('menu.txt').first()).toBeVisible()
})

test('settings of the agent are saved, refused with their field, and given back to config.yaml', async ({
  page,
}) => {
  const panel = await openPanel(page, agent)
  await panel.goTo('Agent settings')
  const address = page.getByRole('region', { name: 'Public address' })
  await address.getByLabel('Address').fill('ftp://nowhere')
  await address.getByRole('button', { name: 'Save section' }).click()
  await expect(address.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true')
  await address.getByLabel('Address').fill('https://panel.example.com')
  await address.getByRole('button', { name: 'Save section' }).click()
  await expect(address.getByText('Set here by root')).toBeVisible()
  await page.reload()
  await expect(address.getByLabel('Address')).toHaveValue('https://panel.example.com')
  await takePictures(page, 'agent-settings')
  await address.getByRole('button', { name: 'Back to config.yaml' }).click()
  await expect(address.getByText('Nothing is set')).toBeVisible()
  await expect(address.getByLabel('Address')).toHaveValue('')
})

test('a backup is made, proved, downloaded and restored; the page comes back by itself', async ({ page }) => {
  const wire = await Wire.signIn(agent)
  await wire.project('Before the backup', CODE)
  const panel = await openPanel(page, agent)
  await panel.goTo('Backups')
  await expect(page.getByText('No backup yet')).toBeVisible()
  await page.getByRole('button', { name: 'Back up now' }).click()
  const row = page.getByRole('row').filter({ hasText: '.tar.zst' })
  await expect(row.getByText(/Proved ·/)).toBeVisible({ timeout: 30_000 })
  await takePictures(page, 'backups')
  const name = (await row.getByRole('cell').nth(1).textContent())!
  const choose = async (item: string) => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const download = page.waitForEvent('download')
  await choose('Download')
  const file = await (await download).path()
  // Zstandard's magic number (RFC 8878, 3.1.1).
  expect((await readFile(file)).subarray(0, 4).toString('hex')).toBe('28b52ffd')

  await wire.project('After the backup', CODE)
  await choose('Restore…')
  const question = page.getByRole('alertdialog')
  const restore = question.getByRole('button', { name: 'Restore backup' })
  await expect(restore).toBeDisabled()
  await question.getByRole('textbox').fill(name)
  await takePictures(page, 'backup-restore')
  await restore.click()
  await expect(page.getByText('The agent restores the backup and starts again')).toBeVisible()
  // The sign-in is younger than the backup or as old: either is fine, as long as the page is alive again.
  const back = page.getByText(`${name} was restored by root`)
  const signInAgain = page.getByRole('button', { name: 'Sign in' })
  await expect(back.or(signInAgain)).toBeVisible({ timeout: 60_000 })
  if (await signInAgain.isVisible()) await signIn(page, ROOT.email, ROOT.password)
  await expect(back).toBeVisible()
  await panel.goTo('Projects')
  await expect(page.getByRole('link', { name: 'Before the backup' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'After the backup' })).toBeHidden()

  await test.step('a damaged one is found out, says so, and is deleted by its name', async () => {
    await panel.goTo('Backups')
    await writeFile(`${agent.home}/backups/${name}`, (await readFile(file)).subarray(0, 3_000))
    await choose('Prove again')
    await expect(row.getByText('Damaged')).toBeVisible({ timeout: 30_000 })
    await choose('Delete backup…')
    await question.getByRole('textbox').fill(name)
    await question.getByRole('button', { name: 'Delete backup' }).click()
    await expect(page.getByText('No backup yet')).toBeVisible()
  })
})

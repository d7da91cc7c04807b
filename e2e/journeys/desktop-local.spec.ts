import { expect, test } from '@playwright/test'
import { ROOT } from '../fixtures/agent.ts'
import { chooseInMenu, clickNotification, shownNotifications, trayEntries } from '../fixtures/desktop-acts.ts'
import { findElectron, launchDesktop, makeDesktopHome } from '../fixtures/desktop.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

// Agents, a Chromium and the app are started several times in each: seconds on idle cores, minutes on crowded ones.
test.describe.configure({ timeout: 300_000 })

test('an agent on this computer, from nothing to a running service; a crash is told and leads there', async () => {
  test.skip(findElectron() !== null, 'notifications of a real desktop cannot be read by a program')
  await using home = await makeDesktopHome()
  await using desktop = await launchDesktop(home)
  const list = await desktop.page(null)
  await list.getByRole('button', { name: 'Set up an agent here…' }).click()
  const dialog = list.getByRole('dialog', { name: 'Agent on this computer' })
  await dialog.getByLabel('E-mail').fill(ROOT.email)
  await dialog.getByLabel('Password').fill(ROOT.password)
  await dialog.getByRole('button', { name: 'Create and start' }).click()

  const page = await desktop.page('This computer')
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible({ timeout: 30_000 })
  const url = await list.evaluate(async () => {
    const port = (
      globalThis as unknown as { m3m: { local: { state(): Promise<{ value: { url: string } }> } } }
    ).m3m
    return (await port.local.state()).value.url
  })
  const wire = await Wire.signIn({ url })
  const code = "service.boot(() => { router.get('/boom', () => 'x'.repeat(2 ** 28).split('')) })\n"
  const project = await wire.project('Shaky', code)
  await wire.debug(project.id)
  const tray = async () => (await trayEntries(desktop)).map(({ label }) => label)
  await expect.poll(tray, { timeout: 30_000 }).toContain('This computer: 1 running')

  // The body of the answer does not matter: the process of the service is gone.
  await fetch(`${url}/r/${project.slug}/boom`).catch(() => null)
  await expect
    .poll(() => shownNotifications(desktop), { timeout: 60_000 })
    .toEqual(['Shaky crashed (This computer)'])
  await clickNotification(desktop)
  await expect(page.getByRole('heading', { name: 'Shaky' })).toBeVisible()

  await test.step('its log is followed while it is looked at', async () => {
    await chooseInMenu(desktop, 'add-agent')
    await list.getByRole('button', { name: 'Log', exact: true }).click()
    const log = list.getByRole('dialog', { name: 'What the agent wrote' })
    await expect(log).toContainText('starting')
    await log.getByRole('button', { name: 'Close' }).click()
  })

  await test.step('stopped from the list, its services drain and the tray says so', async () => {
    await chooseInMenu(desktop, 'add-agent')
    await list.getByRole('button', { name: 'Stop agent' }).click()
    await expect(list.getByRole('status').filter({ hasText: 'http://127.0.0.1' })).toContainText('Stopped', {
      timeout: 40_000,
    })
    await takePictures(list, '34-desktop-local-agent')
    await expect(fetch(`${url}/health`)).rejects.toThrow()
  })
})

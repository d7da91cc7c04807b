import { expect, type Page, test } from '@playwright/test'
import { expectAccessible, tabTo } from '../fixtures/accessibility.ts'
import { ROOT, TestAgent } from '../fixtures/agent.ts'
import { Panel } from '../fixtures/panel.ts'

const SERVICE = `service.boot(() => {
  router.get('/hello/:name', (ctx) => ({ hello: ctx.params.name }))
})
service.start(() => logger.info('ready by keyboard'))
`

/** Goes to the control by Tab and presses a key on it. */
async function press(page: Page, role: Parameters<typeof tabTo>[1], name: string | RegExp, key = 'Enter') {
  await tabTo(page, role, name)
  await page.keyboard.press(key)
}

test('the main journey without a mouse, every page with names and visible focus', async ({ page }) => {
  await using agent = await TestAgent.start()
  const panel = new Panel(page)

  await test.step('sign in', async () => {
    await page.goto(agent.url)
    await expect(page.getByLabel('E-mail')).toBeFocused()
    await expectAccessible(page, 'sign-in')
    await page.keyboard.type(ROOT.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type('wrong password')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toBeVisible()
    await page.getByLabel('Password').focus()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type(ROOT.password)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
    await expectAccessible(page, 'projects')
  })

  await test.step('new project', async () => {
    await press(page, 'button', 'New project')
    const dialog = page.getByRole('dialog', { name: 'New project' })
    await expect(dialog.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused()
    await expectAccessible(page, 'new project')
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await press(page, 'button', 'New project')
    await page.keyboard.type('Keys')
    await page.keyboard.press('Enter')
    await expect(panel.editor()).toBeVisible({ timeout: 20_000 })
  })

  await test.step('write, save and run by shortcuts', async () => {
    await expect(panel.editor()).toBeFocused()
    await panel.paste(SERVICE)
    await page.keyboard.press('ControlOrMeta+S')
    await expect(panel.statusBar()).toContainText('Saved')
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(panel.log()).toContainText('ready by keyboard', { timeout: 20_000 })
    await expectAccessible(page, 'pipeline')
    await page.keyboard.press('ControlOrMeta+.')
    await expect(panel.state('Stopped')).toBeVisible({ timeout: 40_000 })
  })

  await test.step('release: Tab leaves the editor when the editor is told so', async () => {
    await panel.editor().focus()
    // Monaco's own switch "Tab moves focus" (accessibility guide of VS Code).
    await page.keyboard.press('Control+M')
    await press(page, 'button', 'Release…')
    const dialog = page.getByRole('dialog', { name: 'Release 1.0' })
    await expect(dialog.getByLabel('Comment')).toBeFocused()
    await expectAccessible(page, 'release dialog')
    await page.keyboard.type('no mouse was used')
    await press(page, 'button', 'Release 1.0')
    await expect(page.getByRole('list', { name: 'Releases' })).toContainText('no mouse was used')
    await expectAccessible(page, 'releases')
  })

  await test.step('start it from the Overview', async () => {
    await press(page, 'link', 'Overview')
    await expect(page.getByRole('heading', { name: 'Keys' })).toBeVisible()
    await expectAccessible(page, 'overview')
    await press(page, 'button', 'Start')
    await expect(page.getByRole('menuitem', { name: 'Start release 1.0 stable' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(panel.state('Running')).toBeVisible({ timeout: 20_000 })
    expect(await (await fetch(`${agent.url}/r/keys/hello/keys`)).json()).toEqual({ hello: 'keys' })
    await press(page, 'button', 'Stop')
    await expect(panel.state('Stopped')).toBeVisible({ timeout: 40_000 })
  })

  await test.step('the command palette goes anywhere', async () => {
    await page.keyboard.press('ControlOrMeta+K')
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.keyboard.type('Environment')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/environment$/)
  })

  await test.step('names on the other pages', async () => {
    for (const path of ['environment', 'data', 'logs', 'settings']) {
      await page.goto(`${agent.url}/projects/keys/${path}`)
      await expect(page.getByRole('main')).toBeVisible()
      await expect(page.locator('h1')).toHaveCount(1)
      await expectAccessible(page, path)
    }
    for (const path of ['operators', 'audit', 'profile']) {
      await page.goto(`${agent.url}/${path}`)
      await expect(page.locator('h1')).toHaveCount(1)
      await expectAccessible(page, path)
    }
  })
})

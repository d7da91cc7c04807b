import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel, type Panel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'

const HOST = (calls: string) => `import { definePlugin } from '@m3m/runtime/plugin'
export default definePlugin({ host: ({ project }) => ({ calls: { ${calls} } }) })
`
/** Loads, but gives no run its host half. */
const FLOWN = `import { definePlugin } from '@m3m/runtime/plugin'
export default definePlugin({ host: () => { throw new Error('it flew away') } })
`
const TYPES = `/** Speaks in the manner of parrots. */
interface ParrotModule {
  /** Says it twice. */
  repeat(words: string): Promise<string>
  /** How loud, 1 to 10. */
  volume(): Promise<number>
}
`

/** Puts a plugin into the agent's folder, as an operator does. */
async function install(agent: TestAgent, name: string, files: Record<string, string>, manifest: object = {}) {
  const folder = join(agent.home, 'plugins', name)
  await mkdir(folder, { recursive: true })
  const written = { name, version: '1.0.0', api: '^1.0.0', main: 'main.js', ...manifest }
  const all = { 'plugin.json': JSON.stringify(written), ...files }
  await Promise.all(Object.entries(all).map(([path, text]) => writeFile(join(folder, path), text)))
}

/** Types at the end of what is there and asks for completions. */
async function complete(page: Page, panel: Panel, text: string) {
  await panel.editor().focus()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type(text)
  await page.keyboard.press('Control+Space')
  return page.locator('.suggest-widget .monaco-list-row')
}

test('a plugin is installed, enabled, completed in the editor and called; one that cannot be loaded says why', async ({
  page,
}) => {
  await using agent = await TestAgent.start()
  const parrot = HOST(`repeat: ([words]) => words + ' ' + words + ' in ' + project.name, volume: () => 7`)
  await install(agent, 'parrot', { 'main.js': parrot, 'parrot.d.ts': TYPES }, { types: 'parrot.d.ts' })
  await install(agent, 'mute', { 'main.js': `throw new Error('it lost its voice')` })
  const panel = await openPanel(page, agent)
  await panel.newProject('Aviary')

  await test.step('both are listed; the one that fails says with what', async () => {
    await panel.goTo('Plugins')
    await page.getByRole('button', { name: 'Look again' }).click()
    const plugins = page.getByRole('main')
    await expect(plugins.getByText('parrot', { exact: true }).first()).toBeVisible()
    await plugins.getByRole('button', { name: /mute/ }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'it lost its voice' })).toBeVisible({
      timeout: 20_000,
    })
    await takePictures(page, '60-plugin-broken')
  })

  await test.step('the project’s settings enable it, and say the same of the other', async () => {
    await page.goto(`${agent.url}/projects/aviary/settings`)
    const list = page.getByRole('list', { name: 'Plugins' })
    await expect(list).toContainText('it lost its voice')
    const enable = list.getByRole('switch', { name: 'Use the plugin parrot' })
    await enable.click()
    await expect(enable).toBeChecked()
    await takePictures(page, '61-plugin-settings')
  })

  await test.step('the editor completes the module and its members, with what they are for', async () => {
    await panel.goTo('Pipeline')
    await panel.writeCode(`router.get('/say', () => parrot.repeat('hello'))\n`)
    const suggestions = await complete(page, panel, 'parrot.')
    await expect(suggestions.filter({ hasText: 'repeat' })).toBeVisible({ timeout: 20_000 })
    await expect(suggestions.filter({ hasText: 'volume' })).toBeVisible()
    await page.keyboard.press('Escape')
    await panel.writeCode(`router.get('/say', () => parrot.repeat('hello'))\n`)
    await expect(page.locator('.squiggly-error')).toHaveCount(0)
  })

  await test.step('the service calls it', async () => {
    await page.getByRole('button', { name: 'Run debug' }).click()
    await expect(panel.state('Running')).toBeVisible({ timeout: 20_000 })
    expect(await (await fetch(`${agent.url}/r/aviary/say`)).text()).toBe('hello hello in Aviary')
  })

  await test.step('broken by an update, it fails in the next run: the log, the settings and its page say so', async () => {
    const broken = { 'main.js': FLOWN, 'parrot.d.ts': TYPES }
    await install(agent, 'parrot', broken, { types: 'parrot.d.ts' })
    await page.getByRole('button', { name: 'Run debug' }).click()
    await page.getByRole('tab', { name: 'Log' }).click()
    await expect(panel.log()).toContainText('it flew away', { timeout: 20_000 })
    await panel.goTo('Settings')
    await expect(page.getByRole('list', { name: 'Plugins' })).toContainText('it flew away', {
      timeout: 20_000,
    })
  })
})

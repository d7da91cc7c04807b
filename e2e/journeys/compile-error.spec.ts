import { expect, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'

const BROKEN = `service.boot(() => {
  router.get('/a', () => 'a')
  const x = = 1
})
`
const WHOLE = `service.boot(() => {
  router.get('/a', () => 'a')
})
service.start(() => logger.info('whole again'))
`

test('code that does not compile is saved, refused at run, and marked in the editor', async ({ page }) => {
  await using agent = await TestAgent.start()
  const panel = await openPanel(page, agent)
  await panel.newProject('Broken')

  await test.step('the save succeeds', async () => {
    await panel.writeCode(BROKEN)
    await panel.save()
    await page.reload()
    await expect(page.getByTestId('editor')).toContainText('const x = = 1')
  })

  await test.step('the run is refused with file:line:column', async () => {
    await page.getByRole('button', { name: 'Run debug' }).click()
    const refusal = page.getByRole('alert').filter({ hasText: 'main.js:3:13' })
    await expect(refusal).toBeVisible({ timeout: 20_000 })
    await expect(page.getByRole('main').getByLabel('State: Running')).toHaveCount(0)
  })

  await test.step('the marker stands in Monaco and in the list of problems, which leads there', async () => {
    await expect(page.locator('.squiggly-error').first()).toBeVisible()
    await page.getByRole('tab', { name: /^Problems/ }).click()
    const problem = page
      .getByRole('list', { name: 'Problems' })
      .getByRole('button')
      .filter({ hasText: 'main.js:3:' })
    await expect(problem.first()).toBeVisible()
    await takePictures(page, '20-compile-error')
    await problem.first().click()
    await expect(panel.statusBar()).toContainText('Ln 3')
  })

  await test.step('mended, it runs, and the marker is gone', async () => {
    await panel.writeCode(WHOLE)
    await page.getByRole('button', { name: 'Run debug' }).click()
    await page.getByRole('tab', { name: 'Log' }).click()
    await expect(panel.log()).toContainText('whole again', { timeout: 20_000 })
    await expect(page.locator('.squiggly-error')).toHaveCount(0)
    expect(await (await fetch(`${agent.url}/r/broken/a`)).text()).toBe('a')
  })
})

test('files that import each other are checked together, as they come and change', async ({ page }) => {
  test.setTimeout(240_000)
  await using agent = await TestAgent.start()
  const panel = await openPanel(page, agent)
  await panel.newProject('Several')
  const problems = page.getByRole('list', { name: 'Problems' })
  const newFile = async (path: string, code: string) => {
    await page.getByRole('button', { name: 'New file' }).click()
    await page.getByRole('textbox', { name: 'Path of the file' }).fill(path)
    await page.keyboard.press('Enter')
    await panel.writeCode(code, path)
  }
  const open = (file: string) => page.getByRole('treeitem', { name: file }).click()

  await test.step('an import of what is not there is marked', async () => {
    await panel.writeCode(
      "import { late } from './late'\nimport { size } from './lib/sizes'\nservice.boot(() => logger.info(late + size({ width: 2 })))\n",
    )
    await page.getByRole('tab', { name: /^Problems/ }).click()
    await expect(problems).toContainText("Cannot find module './late'", { timeout: 20_000 })
    await expect(problems).toContainText("Cannot find module './lib/sizes'")
  })

  await test.step('when the files are made, TypeScript among them, nothing is', async () => {
    await newFile('late.js', 'export const late = 1\n')
    await newFile('lib/sizes.ts', 'export const size = (box: { width: number }): number => box.width\n')
    await expect(problems).toHaveCount(0, { timeout: 20_000 })
  })

  // It is asked while its worker may be replaced by one that knows the types, and has to answer all the same.
  await test.step('a page that is loaded anew says so when it has looked, each time', async () => {
    for (let time = 0; time < 3; time++) {
      await page.reload()
      await expect(panel.statusBar()).toContainText('No problems', { timeout: 20_000 })
    }
    await page.getByRole('tab', { name: /^Problems/ }).click()
  })

  await test.step('an export that is renamed is missed where it was imported', async () => {
    await open('late.js')
    await panel.writeCode('export const early = 1\n', 'late.js')
    await open('main.js')
    await expect(problems).toContainText("has no exported member 'late'", { timeout: 20_000 })
  })
})

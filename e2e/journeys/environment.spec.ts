import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

const SECRET = 'never shown again'

/** Adds a row and fills it in; rows are numbered from 1. */
async function addVariable(
  page: Page,
  variable: { number: number; key: string; type?: string; value?: string },
) {
  const { number, key, type, value } = variable
  await page.getByRole('button', { name: 'Add variable' }).first().click()
  await page.getByLabel(`Key of variable ${number}`).fill(key)
  if (type) {
    await page.getByRole('combobox', { name: `Type of ${key}` }).click()
    await page.getByRole('option', { name: type, exact: true }).click()
  }
  const field = page.getByLabel(`Value of ${key}`)
  if (value === undefined) await field.click()
  else await field.fill(value)
}

const keys = (page: Page) =>
  page
    .getByLabel(/^Key of variable/)
    .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value))

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save variables' }).click()
  await expect(page.getByText('not saved')).toBeHidden()
}

test('variables of every type: kept, ordered, imported, exported, and safe from another tab', async ({
  page,
}) => {
  await using agent = await TestAgent.start()
  const wire = await Wire.signIn(agent)
  const code = `router.get('/', () => [env.get('NAME'), env.get('RULES'), env.get('LIMIT'), env.get('SHARE'), env.get('ON'), env.get('TOKEN')])`
  const project = await wire.project('Till', code)
  await openPanel(page, agent)
  const address = `${agent.url}/projects/${project.slug}/environment`
  await page.goto(address)

  await test.step('every type; what does not fit its type is said in its row and not saved', async () => {
    await addVariable(page, { number: 1, key: 'NAME', value: 'Till' })
    await addVariable(page, { number: 2, key: 'NOTES', type: 'Text', value: 'one\ntwo' })
    await addVariable(page, { number: 3, key: 'RULES', type: 'JSON', value: '{"vat": ' })
    await addVariable(page, { number: 4, key: 'LIMIT', type: 'Integer', value: '12.5' })
    await addVariable(page, { number: 5, key: 'SHARE', type: 'Float', value: '0.5' })
    await addVariable(page, { number: 6, key: 'ON', type: 'Boolean' })
    await addVariable(page, { number: 7, key: 'TOKEN', type: 'Secret', value: SECRET })
    await page.getByRole('button', { name: 'Save variables' }).click()
    await expect(page.getByRole('alert')).toHaveText([/^Not valid JSON/, 'A whole number.'])
    await page.getByLabel('Value of RULES').fill('{"vat": 20}')
    await page.getByLabel('Value of LIMIT').fill('12')
    await save(page)
    await wire.debug(project.id)
    const seen = await (await fetch(`${agent.url}/r/${project.slug}`)).json()
    expect(seen).toEqual(['Till', { vat: 20 }, 12, 0.5, true, SECRET])
  })

  await test.step('a secret is written and never read; the order is what was made', async () => {
    await page.reload()
    await expect(page.getByLabel('Value of TOKEN')).toHaveValue('')
    await expect(page.getByLabel('Value of TOKEN')).toHaveAttribute('placeholder', 'Set; type to replace it')
    expect(JSON.stringify(await wire.query('env.list', { projectId: project.id }))).not.toContain(SECRET)
    await page.getByRole('button', { name: 'Move TOKEN up' }).click()
    await save(page)
    await page.reload()
    await expect.poll(() => keys(page)).toEqual(['NAME', 'NOTES', 'RULES', 'LIMIT', 'SHARE', 'TOKEN', 'ON'])
    await takePictures(page, 'environment')
  })

  await test.step('garbage is refused by its line; a good file comes into the table', async () => {
    await page.getByRole('button', { name: 'Import .env' }).click()
    const dialog = page.getByRole('dialog', { name: 'Import variables' })
    await dialog.getByLabel('Or paste it').fill('LIMIT=20\nnot a line\n1ST=x\nA="open')
    await expect(dialog.getByRole('alert')).toContainText('Line 2 is not KEY=value.')
    await expect(dialog.getByRole('alert')).toContainText('Line 3: a key has')
    await expect(dialog.getByRole('alert')).toContainText('Line 4: the quote is not closed')
    await expect(dialog.getByRole('button', { name: 'Take over' })).toBeDisabled()
    await dialog.getByLabel('Or paste it').fill('LIMIT=20\nNEW=fresh\nNAME=Till')
    await expect(dialog.getByRole('status')).toContainText('1 new:')
    await expect(dialog.getByRole('status')).toContainText('1 changed:')
    await dialog.getByRole('button', { name: 'Take over' }).click()
    await expect(page.getByText('2 changes not saved')).toBeVisible()
    await save(page)
  })

  await test.step('exported, it has everything but the secret; the history has keys and no value', async () => {
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export .env' }).click()
    const text = await readFile(await (await saving).path(), 'utf8')
    expect(text).toContain('LIMIT=20')
    expect(text).toContain('NEW=fresh')
    expect(text).not.toContain(SECRET)
    await page.getByRole('button', { name: 'History of the variables' }).click()
    const history = page.getByRole('dialog', { name: 'History of the variables' })
    await expect(history.getByRole('listitem')).toHaveCount(3)
    await expect(history.getByRole('listitem').first()).toContainText(/new:\s*NEW/)
    await expect(history.getByRole('listitem').first()).toContainText(/changed:\s*LIMIT/)
    await expect(history).not.toContainText('fresh')
    await page.keyboard.press('Escape')
  })

  await test.step('saved in another tab meanwhile: refused, kept here, theirs on demand', async () => {
    const other = await page.context().newPage()
    await other.goto(address)
    await page.getByLabel('Value of NAME').fill('Mine')
    await other.getByLabel('Value of NAME').fill('Theirs')
    await save(other)
    await page.getByRole('button', { name: 'Save variables' }).click()
    await expect(page.getByRole('alert')).toContainText('Somebody saved variables while you were editing.')
    await expect(page.getByLabel('Value of NAME')).toHaveValue('Mine')
    await page.getByRole('button', { name: 'Load theirs' }).click()
    await expect(page.getByLabel('Value of NAME')).toHaveValue('Theirs')
  })
})

test('a variable that the project does not have is marked where the code asks for it, until it is set', async ({
  page,
}) => {
  await using agent = await TestAgent.start()
  const panel = await openPanel(page, agent)
  await panel.newProject('Greeter')
  await panel.writeCode(`service.boot(() => {\n  router.get('/', () => env.get('GREETING'))\n})\n`)
  await panel.save()
  await page.getByRole('tab', { name: /^Problems/ }).click()
  const problem = page.getByRole('list', { name: 'Problems' }).getByRole('button')
  await expect(problem).toContainText('GREETING is not set under Environment')
  await expect(problem).toContainText('main.js:2:34')
  await panel.goTo('Environment')
  await page.getByRole('button', { name: 'Add variable' }).first().click()
  await page.keyboard.type('GREETING')
  await page.getByRole('button', { name: 'Save variables' }).click()
  await panel.goTo('Pipeline')
  await page.getByRole('tab', { name: /^Problems/ }).click()
  await expect(page.getByText('No problems').first()).toBeVisible()
})

import { expect, type Locator, type Page, test } from '@playwright/test'
import { expectAccessible } from '../fixtures/accessibility.ts'
import { ROOT, TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'

/** Kinds of the grid, and the key that each field is given. */
const KINDS = [
  ['Text', 'text'],
  ['Rich text', 'body'],
  ['Number', 'number'],
  ['Float', 'float'],
  ['Bool', 'bool'],
  ['Date', 'date'],
  ['Date and time', 'datetime'],
  ['Autodate', 'autodate'],
  ['Select', 'select'],
  ['Multiselect', 'multiselect'],
  ['E-mail', 'email'],
  ['URL', 'url'],
  ['Ref', 'ref'],
  ['File', 'file'],
  ['Document', 'document'],
] as const

const field = (page: Page, key: string): Locator => page.locator(`[data-field="${key}"]`)

test('records: a model of every type, its form, two editors, revisions and the trash', async ({
  page,
  context,
}) => {
  test.setTimeout(420_000)
  await using agent = await TestAgent.start()
  const panel = await openPanel(page, agent)
  await panel.newProject('Shop')

  await test.step('a model to point at', async () => {
    await panel.goTo('Data')
    await newModel(page, 'Makers')
  })

  await test.step('a model with a field of every kind, from the grid', async () => {
    await panel.goTo('Data')
    await page.getByRole('button', { name: 'New model' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New model' })
    await dialog.getByLabel('Name', { exact: true }).fill('Products')
    for (const [kind, key] of KINDS) {
      await dialog.getByRole('button', { name: 'Add field' }).click()
      await page
        .getByRole('group', { name: 'Kinds of fields' })
        .getByRole('button', { name: kind, exact: false })
        .and(page.locator(`:has(span:text-is("${kind}"))`))
        .click()
      await expect(dialog.getByRole('group', { name: key, exact: true }).first()).toBeVisible()
      // The key is typed next; typed over, since it is chosen.
      await expect(dialog.getByLabel(/^Key of field/).last()).toBeFocused()
    }
    await dialog
      .getByRole('group', { name: 'select', exact: true })
      .getByLabel('Values, one a line')
      .fill('draft\nsold')
    await dialog
      .getByRole('group', { name: 'multiselect', exact: true })
      .getByLabel('Values, one a line')
      .fill('tea\ngift\nnew')
    await dialog.getByRole('group', { name: 'ref', exact: true }).getByLabel('Points at').click()
    await page.getByRole('option', { name: 'Makers' }).click()
    await dialog.getByRole('button', { name: 'Create model' }).click()
    await expect(page.getByRole('heading', { name: 'Products' })).toBeVisible()
  })

  await test.step('it keeps revisions and a trash', async () => {
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByRole('switch', { name: 'Revisions' }).click()
    await page.getByRole('switch', { name: 'Trash' }).click()
    await page.getByRole('button', { name: 'Save settings' }).click()
    await expect(page.getByRole('tab', { name: 'Trash' })).toBeVisible()
    await expectAccessible(page, 'settings of a model')
  })

  await test.step('what is wrong is said beside the fields, and the first one takes the focus', async () => {
    await page.getByRole('tab', { name: 'Records' }).click()
    await page.getByRole('button', { name: 'New record' }).first().click()
    await field(page, 'email').getByRole('textbox').fill('nobody')
    await field(page, 'number').getByRole('textbox').fill('many')
    await page.getByRole('button', { name: 'Create record' }).click()
    await expect(field(page, 'title').getByRole('alert')).toHaveText('This field is required.')
    await expect(field(page, 'email').getByRole('alert')).toHaveText('This is no e-mail address.')
    await expect(field(page, 'number').getByRole('alert')).toHaveText('This must be a number.')
    await expect(field(page, 'title').getByRole('textbox')).toBeFocused()
    await takePictures(page, '40-record-errors')
  })

  await test.step('every widget takes its value, and the record is made', async () => {
    await fillEverything(page)
    await expectAccessible(page, 'form of a record')
    await takePictures(page, '41-record-form')
    await page.getByRole('button', { name: 'Create record' }).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByText('Teapot').first()).toBeVisible()
  })

  await test.step('what was typed is there when the record is opened, the rich text sanitised', async () => {
    await openRecord(page, 'Teapot')
    await expect(field(page, 'body').getByRole('textbox')).toContainText('Fired in Tbilisi')
    await expect(field(page, 'date').getByRole('textbox')).toHaveValue('2026-01-31')
    await expect(field(page, 'ref')).toContainText('Old Tiflis')
    await expect(field(page, 'file')).toContainText('note.txt')
    await expect(field(page, 'document').getByRole('textbox')).toHaveValue(/"width": 12/)
    await expect(field(page, 'multiselect').getByRole('checkbox', { name: 'gift' })).toBeChecked()
  })

  await test.step('of two editors the second is told, and chooses', async () => {
    const other = await context.newPage()
    await other.goto(page.url())
    // The sign-in is shared by the browser's pages.
    await expect(field(other, 'title').getByRole('textbox')).toHaveValue('Teapot')
    // Typed before: a form without changes would just follow what the other saves.
    await field(page, 'title').getByRole('textbox').fill('Clay teapot')
    await field(other, 'title').getByRole('textbox').fill('Iron teapot')
    await field(other, 'float').getByRole('textbox').fill('9.5')
    await other.keyboard.press('ControlOrMeta+S')
    await expect(other.getByText('Record saved.')).toBeVisible()
    await other.close()

    await field(page, 'title').getByRole('textbox').focus()
    await page.keyboard.press('ControlOrMeta+S')
    const conflict = page.getByRole('dialog', { name: 'Somebody saved this record before you' })
    await expect(conflict.getByRole('radiogroup', { name: 'title' })).toBeVisible()
    await expect(conflict).toContainText('Iron teapot')
    await takePictures(page, '42-record-conflict')
    await conflict.getByRole('button', { name: 'Go on with these values' }).click()
    await expect(field(page, 'float').getByRole('textbox')).toHaveValue('9.5')
    await page.keyboard.press('ControlOrMeta+S')
    await expect(page.getByText('Record saved.')).toBeVisible()
  })

  await test.step('a revision is brought back', async () => {
    await page.getByRole('tab', { name: 'Revisions' }).click()
    await expect(page.getByText('v3', { exact: true })).toBeVisible()
    await expect(page.getByRole('listitem').filter({ hasText: 'v3' })).toContainText(
      ROOT.email.split('@')[0]!,
    )
    await takePictures(page, '43-revisions')
    await page
      .getByRole('listitem')
      .filter({ hasText: 'v1' })
      .getByRole('button', { name: 'Restore' })
      .click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click()
    await expect(page.getByText('v4', { exact: true })).toBeVisible()
    await page.getByRole('tab', { name: 'Fields' }).click()
    await expect(field(page, 'title').getByRole('textbox')).toHaveValue('Teapot')
  })

  await test.step('unsaved changes are asked about, and what was lost is offered again', async () => {
    await field(page, 'title').getByRole('textbox').fill('Lost teapot')
    await page.keyboard.press('Escape')
    const question = page.getByRole('alertdialog', { name: 'Leave without saving?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    await expect
      .poll(() =>
        page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith('m3m.draft.record.'))),
      )
      .toBe(true)
    page.once('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.getByRole('button', { name: 'Restore' }).click()
    await expect(field(page, 'title').getByRole('textbox')).toHaveValue('Lost teapot')
    await page.getByRole('button', { name: 'Discard changes' }).click()
  })

  await test.step('a removed record lies in the trash, and comes back', async () => {
    await page.getByRole('button', { name: 'Actions for this record' }).click()
    await page.getByRole('menuitem', { name: 'Delete record' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete record' }).click()
    await expect(page.getByText('Moved to the trash.')).toBeVisible()
    await page.getByRole('tab', { name: 'Trash' }).click()
    await expect(page.getByRole('cell', { name: /^Teapot/ })).toBeVisible()
    await takePictures(page, '44-trash')
    await expectAccessible(page, 'trash')
    await page.getByRole('button', { name: 'Restore Teapot' }).click()
    await expect(page.getByText('The trash is empty')).toBeVisible()
    await page.getByRole('tab', { name: 'Records' }).click()
    await expect(page.getByText('Teapot').first()).toBeVisible()
  })

  await schemaChanges(page)
})

async function schemaChanges(page: Page): Promise<void> {
  await test.step('a change of the schema says what it does, and then does it', async () => {
    await page.getByRole('tab', { name: 'Schema' }).click()
    await page.getByLabel('Key of field 1', { exact: true }).fill('name')
    await expect(page.getByText('Was title; the values move along.')).toBeVisible()
    await page.getByRole('button', { name: 'Remove field url' }).click()
    await page.getByRole('button', { name: 'Bring back url' }).click()
    await page.getByRole('button', { name: 'Remove field url' }).click()
    await expectAccessible(page, 'schema editor')
    await page.getByRole('button', { name: 'Save schema' }).click()
    const dialog = page.getByRole('alertdialog')
    await expect(dialog).toContainText('name is renamed')
    await expect(dialog).toContainText('1 value is gone for good')
    await takePictures(page, '45-schema-impact')
    await dialog.getByRole('button', { name: 'Apply to records' }).click()
    await expect(page.getByText('Schema saved.')).toBeVisible()
    await page.getByRole('tab', { name: 'Records' }).click()
    await openRecord(page, 'Teapot')
    await expect(field(page, 'name').getByRole('textbox')).toHaveValue('Teapot')
    await expect(field(page, 'url')).toHaveCount(0)
    await page.getByRole('button', { name: 'Close' }).last().click()
  })

  await test.step('the form is laid out beside its preview', async () => {
    await page.getByRole('tab', { name: 'Form' }).click()
    await page.getByRole('combobox', { name: 'Control of text' }).click()
    await page.getByRole('option', { name: 'Markdown' }).click()
    await expect(
      page.getByRole('region', { name: 'Preview' }).getByRole('group', { name: 'Markdown' }),
    ).toBeVisible()
    await page.getByRole('button', { name: 'Hide autodate' }).click()
    await expectAccessible(page, 'form editor')
    await page.getByRole('button', { name: 'Save form' }).click()
    await expect(page.getByText('Schema saved.').first()).toBeVisible()
    await takePictures(page, '46-form-editor')
  })
}

async function newModel(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New model' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New model' })
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByRole('button', { name: 'Create model' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
}

async function openRecord(page: Page, title: string): Promise<void> {
  await page.getByText(title, { exact: true }).first().click()
  await expect(page.getByRole('dialog')).toBeVisible()
}

async function fillEverything(page: Page): Promise<void> {
  const text = (key: string) => field(page, key).getByRole('textbox').first()
  await text('title').fill('Teapot')
  await text('text').fill('Two\nlines')
  await text('number').fill('3')
  await text('float').fill('2,5')
  await field(page, 'bool').getByRole('switch').click()
  await text('date').fill('31.1.2026')
  await text('datetime').fill('2026-01-31 12:30')
  await field(page, 'select').getByRole('combobox').click()
  await page.getByRole('option', { name: 'sold' }).click()
  await field(page, 'multiselect').getByRole('checkbox', { name: 'gift' }).click()
  await text('email').fill('shop@example.com')
  await text('url').fill('https://example.com')
  await text('document').fill('{"width": 12,')
  await expect(field(page, 'document').getByRole('status')).toContainText('Not valid JSON')
  await text('document').fill('{"width": 12}')
  await expect(field(page, 'document').getByRole('status')).toContainText('Valid JSON')
  await field(page, 'file')
    .locator('input[type=file]')
    .setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') })
  await expect(field(page, 'file').getByText('note.txt').first()).toBeVisible()
  await field(page, 'body').getByRole('textbox').click()
  await page.keyboard.type('Fired in Tbilisi')
  await page.keyboard.press('ControlOrMeta+A')
  await field(page, 'body').getByRole('button', { name: 'Bold (Ctrl+B)' }).click()
  await expect(field(page, 'body').locator('strong')).toHaveText('Fired in Tbilisi')

  // The record it points at is made on the way, in a form above this one.
  await field(page, 'ref').getByRole('button', { name: 'Choose from Makers' }).click()
  await page.getByRole('option', { name: 'New record in Makers' }).click()
  const stacked = page.getByRole('dialog', { name: 'New record in Makers' })
  await stacked.locator('[data-field="title"]').getByRole('textbox').fill('Old Tiflis')
  await stacked.getByRole('button', { name: 'Create record' }).click()
  await expect(stacked).toHaveCount(0)
  await expect(field(page, 'ref')).toContainText('Old Tiflis')
}

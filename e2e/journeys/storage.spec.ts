import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'

/** A drawing: drawn small by the agent, and never run. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><script>document.title = 'run'</script><rect width="80" height="80" fill="teal"/></svg>`

const curl = (url: string) => execFileSync('curl', ['-s', '-w', '\n%{http_code}', url], { encoding: 'utf8' })
const row = (page: Page, name: string) => page.getByRole('option', { name, exact: true })

/** As when a folder of the desktop is let go over the page: a browser makes such entries for real drops only. */
async function dropFolder(page: Page, folder: string, files: Record<string, string>): Promise<void> {
  await page.evaluate(
    ([name, contents]) => {
      const entryOf = (fileName: string, text: string) => ({
        isFile: true,
        name: fileName,
        file: (done: (file: File) => void) => done(new File([text], fileName)),
      })
      let isRead = false
      const children = Object.entries(contents).map(([fileName, text]) => entryOf(fileName, text))
      const readEntries = (done: (entries: unknown[]) => void) => {
        done(isRead ? [] : children)
        isRead = true
      }
      const entry = { isFile: false, name, createReader: () => ({ readEntries }) }
      const event = new Event('drop', { bubbles: true, cancelable: true })
      const item = { kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null }
      Object.assign(event, { dataTransfer: { types: ['Files'], items: [item] } })
      document.querySelector('[aria-label="Path of the folder"]')!.dispatchEvent(event)
    },
    [folder, files] as const,
  )
}

test('files are dropped, seen, edited, linked and fetched; a cut upload goes on', async ({ page }) => {
  test.setTimeout(120_000)
  await using agent = await TestAgent.start()
  const panel = await openPanel(page, agent)
  await panel.newProject('Files')
  await panel.goTo('Storage')
  await expect(page.getByText('Nothing here yet')).toBeVisible()

  await test.step('a folder is uploaded by a drop', async () => {
    await dropFolder(page, 'site', { 'notes.txt': 'first line', 'logo.svg': LOGO, 'data.json': '{"a":1}' })
    await expect(page.getByText('3 files uploaded')).toBeVisible()
    await row(page, 'site').dblclick()
    await expect(page).toHaveURL(/path=site/)
    await expect(row(page, 'notes.txt')).toBeVisible()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
  })

  await test.step('what is there already is asked about once', async () => {
    await panel.goTo('Storage')
    await dropFolder(page, 'site', { 'notes.txt': 'second line', 'data.json': '{"a":2}' })
    await expect(page.getByText('2 files are there already.')).toBeVisible()
    await page.getByRole('button', { name: 'Overwrite' }).click()
    await expect(page.getByText('2 files uploaded')).toBeVisible()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await row(page, 'site').dblclick()
  })

  await test.step('a picture is previewed, and its script does not run', async () => {
    await row(page, 'logo.svg').dblclick()
    await expect(page.getByRole('img', { name: 'logo.svg' })).toBeVisible()
    await expect(page).not.toHaveTitle('run')
    await takePictures(page, '40-storage')
  })

  await test.step('a text is edited, and the second editor is told', async () => {
    await row(page, 'notes.txt').dblclick()
    const editor = page.getByRole('textbox', { name: 'Text of notes.txt' })
    await editor.focus()
    await panel.paste('mine')
    await expect(page.getByText('Not saved')).toBeVisible()
    await page.keyboard.press('ControlOrMeta+S')
    await expect(page.getByText('File saved')).toBeVisible()
    const stored = join(agent.home, 'storage')
    const [found] = execFileSync('find', [stored, '-name', 'notes.txt'], { encoding: 'utf8' }).split('\n')
    expect(await readFile(found!, 'utf8')).toBe('mine')
    await editor.focus()
    await panel.paste('mine again')
    await writeFile(found!, 'theirs')
    await page.keyboard.press('ControlOrMeta+S')
    await expect(page.getByRole('alert').filter({ hasText: 'Somebody changed this file' })).toBeVisible()
    expect(await readFile(found!, 'utf8')).toBe('theirs')
    await page.getByRole('button', { name: 'Save mine over it' }).click()
    await expect.poll(() => readFile(found!, 'utf8')).toBe('mine again')
  })

  await test.step('a link is opened by curl, and not after it was revoked', async () => {
    await page.getByRole('button', { name: 'Get link…' }).click()
    await page.getByRole('button', { name: 'Create link' }).click()
    const url = await page.getByLabel('Address, shown this once').inputValue()
    expect(curl(url)).toBe('mine again\n200')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Links', exact: true }).click()
    await page.getByRole('button', { name: 'Revoke the link to site/notes.txt' }).click()
    await expect(page.getByText('No links yet')).toBeVisible()
    expect(curl(url)).toMatch(/STORAGE_LINK_ENDED.*\n403$/)
    await page.keyboard.press('Escape')
  })

  await test.step('a folder is downloaded as a zip', async () => {
    await page.getByRole('button', { name: 'Close preview' }).click()
    await panel.goTo('Storage')
    await row(page, 'site').click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ])
    expect(download.suggestedFilename()).toBe('site.zip')
    const names = execFileSync('python3', ['-m', 'zipfile', '-l', await download.path()], {
      encoding: 'utf8',
    })
    expect(names).toContain('site/notes.txt')
  })

  await test.step('an upload whose line was cut goes on where it stopped', async () => {
    const content = 'x'.repeat(300_000)
    const ranges: string[] = []
    let isCut = false
    await page.route('**/files/storage/*/big.bin', async (route) => {
      const request = route.request()
      const range = request.headers()['content-range'] ?? ''
      ranges.push(range)
      if (isCut || range.startsWith('bytes *')) return route.continue()
      isCut = true
      // Half of it reaches the agent; then the line is dead.
      const headers = { ...request.headers(), 'content-range': 'bytes 0-149999/300000' }
      await page.request.put(request.url(), { headers, data: content.slice(0, 150_000) })
      await route.abort('connectionreset')
    })
    await page.getByTestId('upload-files').setInputFiles({
      name: 'big.bin',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(content),
    })
    await page.getByRole('button', { name: 'Go on with big.bin' }).click()
    await expect(page.getByText('1 file uploaded')).toBeVisible()
    expect(ranges).toEqual([
      'bytes */300000',
      'bytes 0-299999/300000',
      'bytes */300000',
      'bytes 150000-299999/300000',
    ])
    await expect(row(page, 'big.bin')).toContainText('300 kB')
  })

  await test.step('a name that deceives is shown by its characters; it opens, is saved and is renamed', async () => {
    const [big] = execFileSync('find', [join(agent.home, 'storage'), '-name', 'big.bin'], {
      encoding: 'utf8',
    }).split('\n')
    await writeFile(join(dirname(big!), 'photo \u202egpj.txt'), 'who am I')
    await page.reload()
    const odd = row(page, 'photo ⟨U+202E⟩gpj.txt')
    await expect(odd).toContainText('photo U+202Egpj.txt')
    await odd.dblclick()
    await expect(page.getByRole('textbox', { name: 'Text of photo ⟨U+202E⟩gpj.txt' })).toBeVisible()
    await page.getByRole('button', { name: 'Close preview' }).click()
    await odd.click()
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ])
    expect(saved.suggestedFilename()).toBe('photo gpj.txt')
    expect(await readFile(await saved.path(), 'utf8')).toBe('who am I')
    await odd.getByRole('button', { name: /^Actions for photo/ }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByRole('textbox')).toHaveValue('photo gpj.txt')
    await dialog.getByRole('button', { name: 'Rename' }).click()
    await row(page, 'photo gpj.txt').click()
    await page.keyboard.press('Delete')
    await page.getByRole('button', { name: 'Delete', exact: true }).last().click()
    await expect(row(page, 'photo gpj.txt')).toBeHidden()
  })

  await test.step('keys choose, delete says what goes', async () => {
    await row(page, 'site').click()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.press('Delete')
    await expect(page.getByRole('alertdialog')).toContainText('4 files, 1 folder')
    await page.getByRole('button', { name: 'Delete', exact: true }).last().click()
    await expect(page.getByText('Nothing here yet')).toBeVisible()
  })
})

import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { addAgent, chooseInMenu, clickInTray, shownAgents, trayEntries } from '../fixtures/desktop-acts.ts'
import { type Desktop, findElectron, launchDesktop, makeDesktopHome } from '../fixtures/desktop.ts'
import { Panel } from '../fixtures/panel.ts'
import { Wire } from '../fixtures/wire.ts'

// Agents, a Chromium and the app are started several times in each: seconds on idle cores, minutes on crowded ones.
test.describe.configure({ timeout: 300_000 })

const NOTES = 'a text to be taken along'

/** What the person will answer when asked whether to leave: 0 stays, 1 leaves. Gives back how often it was asked. */
async function answerLeaving(desktop: Desktop, answer: 0 | 1): Promise<() => Promise<number>> {
  await desktop.evaluate(({ dialog }, button) => {
    Object.assign(globalThis, { asked: 0 })
    dialog.showMessageBoxSync = () => {
      ;(globalThis as unknown as { asked: number }).asked++
      return button
    }
  }, answer)
  return () => desktop.evaluate(() => (globalThis as unknown as { asked: number }).asked, null)
}

const closeWindow = (desktop: Desktop) =>
  desktop.evaluate(({ BaseWindow }) => void setTimeout(() => BaseWindow.getAllWindows()[0]!.close()), null)

/** Begins to change the project's name, and leaves it so. */
async function beginToRename(page: Page): Promise<void> {
  const name = page.getByRole('main').getByLabel('Name', { exact: true })
  await name.click()
  await name.fill('Half a name')
}

test('files are saved where the person says, and dragged to other programs', async () => {
  test.skip(findElectron() !== null, 'no program can answer the dialogs of a real desktop')
  await using home = await makeDesktopHome()
  await using agent = await TestAgent.start({ panelOrigins: [home.origin] })
  const wire = await Wire.signIn(agent)
  const project = await wire.project('Tea', "service.start(() => console.log('brewing'))\n")
  await using desktop = await launchDesktop(home)
  const page = await addAgent(desktop, agent.url, 'Alpha')
  const panel = new Panel(page)
  await panel.signIn()
  // The stand-in's dialog says yes to the place that it is offered.
  const saved = (name: string) => readFile(resolve(home.userData, '../downloads', name), 'utf8')

  await page.getByRole('link', { name: /Tea/ }).first().click()
  await panel.goTo('Storage')
  const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from(NOTES) }
  await page.getByTestId('upload-files').setInputFiles(file)
  const row = page.getByRole('option', { name: 'notes.txt', exact: true })
  await expect(row).toBeVisible()

  await test.step('a stored file', async () => {
    await row.click()
    await page.getByRole('button', { name: 'Download', exact: true }).first().click()
    await expect.poll(() => saved('notes.txt').catch(() => null)).toBe(NOTES)
  })

  await test.step('dragged out, another program gets it as a file', async () => {
    await row.getByTestId('drag-out').dispatchEvent('dragstart')
    const dragged = () =>
      desktop.evaluate(
        ({ BaseWindow }) =>
          BaseWindow.getAllWindows()
            .flatMap(({ contentView }) => contentView.children as Electron.WebContentsView[])
            .flatMap(({ webContents }) => (webContents as unknown as { dragged: string[] }).dragged),
        null,
      )
    await expect.poll(dragged).toEqual([expect.stringMatching(/notes\.txt$/)])
    const [path = ''] = await dragged()
    expect(await readFile(path, 'utf8')).toBe(NOTES)
  })

  await test.step('a log', async () => {
    await wire.debug(project.id)
    await panel.goTo('Logs')
    await expect(panel.log()).toContainText('brewing')
    await page.getByRole('button', { name: 'Download the log' }).click()
    await page.getByRole('menuitem').first().click()
    const logs = async () =>
      (await readdir(resolve(home.userData, '../downloads'))).filter((name) => name.includes('.log'))
    await expect.poll(logs).toHaveLength(1)
    expect(await saved((await logs())[0]!)).not.toBe('')
  })
})

test('unsaved changes: kept when another agent is shown, asked about when the window is closed', async () => {
  await using home = await makeDesktopHome()
  await using agent = await TestAgent.start({ panelOrigins: [home.origin] })
  await (await Wire.signIn(agent)).project('Tea', 'service.start(() => {})\n')
  await using desktop = await launchDesktop(home)
  const page = await addAgent(desktop, agent.url, 'Alpha')
  const panel = new Panel(page)
  await panel.signIn()
  await page.getByRole('link', { name: /Tea/ }).first().click()
  await panel.goTo('Settings')
  await beginToRename(page)
  const name = page.getByRole('main').getByLabel('Name', { exact: true })

  await test.step('to the list of agents and back: nothing is asked, nothing is lost', async () => {
    const asked = await answerLeaving(desktop, 0)
    await chooseInMenu(desktop, 'add-agent')
    await expect.poll(() => shownAgents(desktop)).toEqual([''])
    const list = await desktop.page(null)
    await list.getByRole('button', { name: 'Open Alpha' }).click()
    await expect.poll(() => shownAgents(desktop)).toEqual(['Alpha'])
    await expect(name).toHaveValue('Half a name')
    expect(await asked()).toBe(0)
  })

  await test.step('"Stay" keeps the window and what was typed', async () => {
    const asked = await answerLeaving(desktop, 0)
    await closeWindow(desktop)
    await expect.poll(asked).toBe(1)
    await expect.poll(() => shownAgents(desktop)).toEqual(['Alpha'])
    await expect(name).toHaveValue('Half a name')
  })

  await test.step('quitting asks as well, and ends nothing when the person stays', async () => {
    const asked = await answerLeaving(desktop, 0)
    await desktop.evaluate(({ app }) => void setTimeout(() => app.quit()), null)
    await expect.poll(asked).toBe(1)
    await expect(name).toHaveValue('Half a name')
  })

  await test.step('"Leave" closes it', async () => {
    const asked = await answerLeaving(desktop, 1)
    await closeWindow(desktop)
    await expect
      .poll(() => desktop.evaluate(({ BaseWindow }) => BaseWindow.getAllWindows().length, null))
      .toBe(0)
    expect(await asked()).toBe(1)
  })
})

test('a favourite is stopped, started and opened from the tray', async () => {
  test.skip(findElectron() !== null, 'the tray of a real desktop cannot be read by a program')
  await using home = await makeDesktopHome()
  await using agent = await TestAgent.start({ panelOrigins: [home.origin] })
  const wire = await Wire.signIn(agent)
  const project = await wire.project('Tea', 'service.start(() => {})\n')
  // A release: a debug run that was stopped is gone, and nothing is left to start.
  await wire.release(project.id)
  await using desktop = await launchDesktop(home)
  const page = await addAgent(desktop, agent.url, 'Alpha')
  await new Panel(page).signIn()
  await page.getByRole('link', { name: /Tea/ }).first().click()
  await page.getByRole('button', { name: 'Show in the tray' }).click()
  const inTray = async () => (await trayEntries(desktop)).map(({ id }) => id)

  for (const [command, state] of [
    ['stop', 'stopped'],
    ['start', 'running'],
  ] as const) {
    await expect.poll(inTray, { timeout: 30_000 }).toContain(`tray-${command}-${project.id}`)
    await clickInTray(desktop, `tray-${command}-${project.id}`)
    await expect.poll(() => wire.state(project.id), { timeout: 30_000 }).toBe(state)
  }

  await chooseInMenu(desktop, 'add-agent')
  await expect.poll(() => shownAgents(desktop)).toEqual([''])
  await clickInTray(desktop, `tray-open-${project.id}`)
  await expect.poll(() => shownAgents(desktop)).toEqual(['Alpha'])
  await expect(page.getByRole('heading', { name: 'Tea' })).toBeVisible()
})

test('a right click copies the address of a link that leads out', async () => {
  test.skip(findElectron() !== null, 'the menus of a real desktop cannot be read by a program')
  await using home = await makeDesktopHome()
  await using desktop = await launchDesktop(home)
  await desktop.page(null)
  const copied = await desktop.evaluate((electron) => {
    const { BaseWindow, Menu, clipboard } = electron as unknown as {
      BaseWindow: typeof Electron.BaseWindow
      Menu: { poppedUp: { id?: string; click: () => void }[][] }
      clipboard: { text: string }
    }
    const [view] = BaseWindow.getAllWindows()[0]!.contentView.children as Electron.WebContentsView[]
    const clicked = { isEditable: false, selectionText: '', linkURL: 'https://example.com/a', editFlags: {} }
    view!.webContents.emit('context-menu', {}, clicked)
    Menu.poppedUp[0]!.find(({ id }) => id === 'copy-link')!.click()
    return clipboard.text
  }, null)
  expect(copied).toBe('https://example.com/a')
})

import { expect, type Page, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import {
  addAgent,
  chooseInMenu,
  clickInTray,
  shownAgents,
  shownNotifications,
  trayEntries,
} from '../fixtures/desktop-acts.ts'
import { launchDesktop, makeDesktopHome } from '../fixtures/desktop.ts'
import { Panel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

// Agents, a Chromium and the app are started several times in each: seconds on idle cores, minutes on crowded ones.
test.describe.configure({ timeout: 300_000 })

test('groups and order by keyboard, several windows, and what the tray is told', async () => {
  await using home = await makeDesktopHome()
  const agents = await Promise.all([1, 2, 3].map(() => TestAgent.start({ panelOrigins: [home.origin] })))
  await using _ends = {
    async [Symbol.asyncDispose]() {
      await Promise.all(agents.map((agent) => agent[Symbol.asyncDispose]()))
    },
  }
  const project = await (await Wire.signIn(agents[0]!)).project('Tea', 'service.start(() => {})\n')
  const names = ['One', 'Two', 'Three']
  const order = (list: Page) =>
    list
      .getByRole('list', { name: 'Agents' })
      .getByRole('listitem')
      .evaluateAll((items) => items.map((item) => /One|Two|Three|Clients/.exec(item.textContent)?.[0]))
  {
    await using desktop = await launchDesktop(home)
    const list = await desktop.page(null)
    for (const [at, name] of names.entries()) {
      await addAgent(desktop, agents[at]!.url, name)
      await chooseInMenu(desktop, 'add-agent')
    }

    await test.step('a group by its name, and an agent moved into it by keyboard', async () => {
      await list.getByRole('button', { name: 'Actions for Three' }).click()
      await list.getByRole('menuitem', { name: 'Edit…' }).click()
      const dialog = list.getByRole('dialog', { name: 'Edit agent' })
      await dialog.getByLabel('Group').fill('Clients')
      await dialog.getByRole('button', { name: 'Save agent' }).click()
      await expect.poll(() => order(list)).toEqual(['One', 'Two', 'Clients', 'Three'])
      await list.getByRole('button', { name: 'Move One' }).focus()
      await list.keyboard.press('Space')
      await expect(list.getByText('One is taken.')).toBeAttached()
      for (const place of ['Two', 'Clients', 'Three']) {
        await list.keyboard.press('ArrowDown')
        await expect(list.getByText(`One is now at the place of ${place}.`)).toBeAttached()
      }
      await list.keyboard.press('Space')
      await expect.poll(() => order(list)).toEqual(['Two', 'Clients', 'Three', 'One'])
      await takePictures(list, '35-desktop-groups')
    })

    await test.step('two windows, each with its own agent; a favourite is in the tray', async () => {
      await list.getByRole('button', { name: 'Open One' }).click()
      const one = await desktop.page('One')
      await new Panel(one).signIn()
      await one.getByRole('link', { name: /Tea/ }).first().click()
      await one.getByRole('button', { name: 'Show in the tray' }).click()
      await expect(one.getByRole('button', { name: 'Take out of the tray' })).toHaveAttribute(
        'aria-pressed',
        'true',
      )
      await chooseInMenu(desktop, 'new-window')
      await expect.poll(() => shownAgents(desktop)).toEqual(['One', 'One'])
    })
  }

  await test.step('after a restart the windows, the order, the group and the favourite are there', async () => {
    await using desktop = await launchDesktop(home)
    await expect.poll(() => shownAgents(desktop).then((shown) => shown.length)).toBe(2)
    await chooseInMenu(desktop, 'add-agent')
    const list = await desktop.page(null)
    await expect.poll(() => order(list)).toEqual(['Two', 'Clients', 'Three', 'One'])
    test.skip(desktop.kind === 'electron', 'the tray of a real desktop cannot be read by a program')
    const start = `tray-start-${project.id}`
    const inTray = async () => (await trayEntries(desktop)).map(({ id }) => id)
    await expect.poll(inTray).toContain(start)
    await clickInTray(desktop, start)
    // Nothing has run yet, so there is nothing to start: that is said where one can see it.
    await expect.poll(() => shownNotifications(desktop)).toEqual(['Tea: that did not work'])
  })
})

test('a connect link opens the form, filled in, and adds nothing by itself', async () => {
  await using home = await makeDesktopHome()
  await using desktop = await launchDesktop(home)
  const page = await desktop.page(null)
  const link = 'm3m://connect?url=https%3A%2F%2Fagent.example.com%3A3000'
  await desktop.evaluate(({ app }, argument) => void app.emit('second-instance', {}, ['m3m', argument]), link)
  await expect(page.getByText('A link asks to add this agent.')).toBeVisible()
  await expect(page.getByLabel('Address')).toHaveValue('https://agent.example.com:3000')
  await expect(page.getByText('No agents yet')).toBeVisible()
})

test('the window opens where it was closed', async () => {
  await using home = await makeDesktopHome()
  const bounds = { x: 40, y: 60, width: 1100, height: 700 }
  {
    await using desktop = await launchDesktop(home)
    await desktop.page(null)
    await desktop.evaluate(({ BaseWindow }, wanted) => {
      const [window] = BaseWindow.getAllWindows()
      window!.setBounds(wanted)
      setTimeout(() => window!.close())
    }, bounds)
  }
  await using desktop = await launchDesktop(home)
  await desktop.page(null)
  const opened = await desktop.evaluate(
    ({ BaseWindow }) => BaseWindow.getAllWindows()[0]!.getNormalBounds(),
    null,
  )
  expect(opened).toEqual(bounds)
})

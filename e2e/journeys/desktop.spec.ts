import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { FUSES } from '../../apps/desktop/electron-builder.config.ts'
import { ROOT, TestAgent } from '../fixtures/agent.ts'
import { type Desktop, findElectron, launchDesktop, makeDesktopHome } from '../fixtures/desktop.ts'
import { Panel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

/** The parts of `window.m3m` that tests use by hand. */
interface Port {
  session: { accessToken(input: object): Promise<{ value: { token: string } | null }> }
}

async function addAgent(desktop: Desktop, url: string, name: string): Promise<Page> {
  const home = await desktop.page(null)
  await home.getByLabel('Address').fill(url)
  await home.getByRole('button', { name: 'Check address' }).click()
  await home.getByLabel('Name').fill(name)
  const trust = home.getByRole('checkbox', { name: /trust this certificate/ })
  if (url.startsWith('https:')) await trust.check()
  await home.getByRole('button', { name: 'Save agent' }).click()
  return desktop.page(name)
}

/** Text of every file below a folder. */
async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))
  return texts.join('\n')
}

test.beforeAll(() => {
  console.log(`the desktop journeys run on: ${findElectron() ? 'electron' : 'stand-in'}`)
})

test('two agents: add, sign in, switch, and still signed in after a restart', async () => {
  await using home = await makeDesktopHome()
  const options = { panelOrigins: [home.origin] }
  const [first, second] = await Promise.all([TestAgent.start(options), TestAgent.start(options)])
  await using _ends = {
    async [Symbol.asyncDispose]() {
      await Promise.all([first[Symbol.asyncDispose](), second[Symbol.asyncDispose]()])
    },
  }
  await (await Wire.signIn(first)).project('Alpha service', 'service.start(() => {})\n')
  await (await Wire.signIn(second)).project('Beta service', 'service.start(() => {})\n')

  await test.step('add two agents, sign in to both, switch between them', async () => {
    await using desktop = await launchDesktop(home)
    await takePictures(await desktop.page(null), '30-desktop-empty')
    const alpha = await addAgent(desktop, first.url, 'Alpha')
    await new Panel(alpha).signIn()
    await expect(alpha.getByRole('link', { name: /Alpha service/ }).first()).toBeVisible()

    await alpha.getByRole('button', { name: 'Agent Alpha: switch to another' }).click()
    await alpha.getByRole('menuitem', { name: 'Add agent' }).click()
    const beta = await addAgent(desktop, second.url, 'Beta')
    await new Panel(beta).signIn()
    await expect(beta.getByRole('link', { name: /Beta service/ }).first()).toBeVisible()
    await expect(beta.getByText('Alpha service')).toHaveCount(0)

    await alpha
      .getByRole('link', { name: /Alpha service/ })
      .first()
      .click()
    await beta.getByRole('button', { name: 'Agent Beta: switch to another' }).click()
    await takePictures(beta, '31-desktop-switcher')
    await beta.getByRole('menuitem', { name: /^Alpha/ }).click()
    await expect.poll(() => shownAgents(desktop)).toEqual(['Alpha'])
    // The page is where it was left.
    await expect(alpha.getByRole('heading', { name: 'Alpha service' })).toBeVisible()

    const list = await desktop.page(null)
    await expect(list.getByRole('button', { name: 'Open Beta' })).toContainText(`Signed in as ${ROOT.email}`)
    await expect(list.getByRole('button', { name: 'Open Beta' })).toContainText('Online')
    await takePictures(list, '32-desktop-agents')
  })

  await test.step('after a restart both are signed in, and a token on disk cannot be read', async () => {
    await using desktop = await launchDesktop(home)
    const alpha = await desktop.page('Alpha')
    await expect(alpha.getByRole('heading', { name: 'Projects' })).toBeVisible()

    const kept = JSON.parse(await readFile(join(home.userData, 'tokens.json'), 'utf8')) as {
      tokens: Record<string, string>
    }
    expect(Object.keys(kept.tokens)).toHaveLength(2)
    const plain = await desktop.evaluate(
      async ({ safeStorage }, [encrypted = '']) =>
        (await safeStorage.decryptStringAsync(Buffer.from(encrypted, 'base64'))).result,
      Object.values(kept.tokens),
    )
    const access = await alpha.evaluate(async () => {
      const port = (globalThis as unknown as { m3m: Port }).m3m
      return (await port.session.accessToken({})).value?.token
    })
    expect(plain.length).toBeGreaterThan(20)
    const disk = await everythingIn(home.userData)
    for (const secret of [plain, access!, ROOT.password]) {
      expect(disk.includes(secret)).toBe(false)
      expect(disk.includes(Buffer.from(secret).toString('base64').slice(0, 24))).toBe(false)
    }
    const inPage = await alpha.evaluate(
      () => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]) + document.cookie,
    )
    expect([inPage.includes(plain), inPage.includes(access!)]).toEqual([false, false])
  })

  await test.step('signing out ends it here and leaves the other agent alone', async () => {
    await using desktop = await launchDesktop(home)
    const alpha = await desktop.page('Alpha')
    await alpha.getByRole('button', { name: /Your menu/ }).click()
    await alpha.getByRole('menuitem', { name: 'Sign out' }).click()
    await expect(alpha.getByRole('button', { name: 'Sign in' })).toBeVisible()
    const kept = JSON.parse(await readFile(join(home.userData, 'tokens.json'), 'utf8')) as { tokens: object }
    expect(Object.keys(kept.tokens)).toHaveLength(1)
  })
})

/** Names of the agents that are seen, a window each. */
async function shownAgents(desktop: Desktop): Promise<string[]> {
  return desktop.evaluate(
    async ({ BaseWindow }) =>
      Promise.all(
        BaseWindow.getAllWindows().map(async (window) => {
          const views = window.contentView.children as Electron.WebContentsView[]
          const shown = views.filter((view) => view.getVisible())
          if (shown.length !== 1) return `${shown.length} views are visible`
          const { webContents } = shown[0]!
          const name = 'm3m.context().then((answer) => answer.value.agent?.name ?? "")'
          return String(await webContents.executeJavaScript(name))
        }),
      ),
    null,
  )
}

test('without a keychain sign-ins stay in memory, and the app says so', async () => {
  test.skip(findElectron() !== null, 'a real keychain cannot be taken away')
  await using home = await makeDesktopHome()
  await using agent = await TestAgent.start({ panelOrigins: [home.origin] })
  await using desktop = await launchDesktop({ ...home, keychain: null })
  await expect((await desktop.page(null)).getByRole('note')).toContainText('no keychain')
  const page = await addAgent(desktop, agent.url, 'Alpha')
  await new Panel(page).signIn()
  expect(await readdir(home.userData)).not.toContain('tokens.json')
})

test('a self-signed agent is pinned, and another certificate blocks it', async () => {
  await using home = await makeDesktopHome()
  await using agent = await TestAgent.start({ panelOrigins: [home.origin], server: ['tls: auto'] })
  await using desktop = await launchDesktop(home)
  const page = await addAgent(desktop, agent.url, 'Pinned')
  await new Panel(page).signIn()
  const fingerprint = /SHA-256[^0-9A-F]*((?:[0-9A-F]{2}:){31}[0-9A-F]{2})/i.exec(agent.output)?.[1]
  const { agents } = JSON.parse(await readFile(join(home.userData, 'agents.json'), 'utf8')) as {
    agents: { fingerprint: string }[]
  }
  expect(agents[0]?.fingerprint).toBe(fingerprint?.replaceAll(':', '').toLowerCase())

  await agent.stop()
  await agent.forgetCertificate()
  await agent.serve()
  await page.getByRole('button', { name: 'Agent Pinned: switch to another' }).click()
  await page.getByRole('menuitem', { name: /^Pinned/ }).click()

  await test.step('its page says so, and leads to where it is decided', async () => {
    const blocked = page.getByRole('alert').filter({ hasText: 'the certificate of this agent changed' })
    await expect(blocked).toBeVisible({ timeout: 30_000 })
    await takePictures(page, '33-desktop-blocked')
    await blocked.getByRole('button', { name: 'Review in the list of agents' }).click()
  })

  await test.step('compared and trusted, it goes on: still signed in, its drafts kept', async () => {
    const list = await desktop.page(null)
    await page.evaluate(() => localStorage.setItem('m3m.draft.test', 'typed before'))
    await expect(list.getByRole('button', { name: 'Open Pinned' })).toContainText('Certificate changed')
    await takePictures(list, '33-desktop-certificate-changed')
    await list.getByRole('button', { name: 'Review…' }).click()
    const dialog = list.getByRole('dialog', { name: 'The certificate of Pinned changed' })
    await expect(dialog).toContainText(fingerprint!.toUpperCase())
    await expect(dialog.getByRole('button', { name: 'Trust new certificate' })).toBeDisabled()
    await takePictures(list, '33-desktop-review')
    await dialog.getByRole('checkbox').check()
    await dialog.getByRole('button', { name: 'Trust new certificate' }).click()
    await expect(list.getByRole('button', { name: 'Open Pinned' })).toContainText('Online')
    await list.getByRole('button', { name: 'Open Pinned' }).click()
    const renewed = await desktop.page('Pinned')
    await expect(renewed.getByRole('heading', { name: 'Projects' })).toBeVisible()
    expect(await renewed.evaluate(() => localStorage.getItem('m3m.draft.test'))).toBe('typed before')
  })
})

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
      await desktop.evaluate(
        ({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('add-agent')!.click(),
        null,
      )
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
      await desktop.evaluate(
        ({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('new-window')!.click(),
        null,
      )
      await expect.poll(() => shownAgents(desktop)).toEqual(['One', 'One'])
    })
  }

  await test.step('after a restart the windows, the order, the group and the favourite are there', async () => {
    await using desktop = await launchDesktop(home)
    await expect.poll(() => shownAgents(desktop).then((shown) => shown.length)).toBe(2)
    await desktop.evaluate(
      ({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('add-agent')!.click(),
      null,
    )
    const list = await desktop.page(null)
    await expect.poll(() => order(list)).toEqual(['Two', 'Clients', 'Three', 'One'])
    test.skip(desktop.kind === 'electron', 'the tray of a real desktop cannot be read by a program')
    const start = `tray-start-${project.id}`
    const inTray = () =>
      desktop.evaluate((electron) => {
        const { opened } = (electron as unknown as { Tray: { opened: { menu: Electron.MenuItem[] }[] } }).Tray
        return opened[0]!.menu.flatMap(({ submenu }) =>
          ((submenu ?? []) as Electron.MenuItem[]).map(({ id }) => id),
        )
      }, null)
    await expect.poll(inTray).toContain(start)
    await desktop.evaluate((electron, id) => {
      const { opened } = (electron as unknown as { Tray: { opened: { menu: Electron.MenuItem[] }[] } }).Tray
      const all = opened[0]!.menu.flatMap((entry) => [
        entry,
        ...((entry.submenu ?? []) as Electron.MenuItem[]),
      ])
      all.find((entry) => entry.id === id)!.click()
    }, start)
    // Nothing has run yet, so there is nothing to start: that is said where one can see it.
    await expect
      .poll(() =>
        desktop.evaluate(
          (electron) =>
            (electron as unknown as { Notification: { shown: { title: string }[] } }).Notification.shown.map(
              ({ title }) => title,
            ),
          null,
        ),
      )
      .toEqual(['Tea: that did not work'])
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

test('the security switches of the built app', async () => {
  await using home = await makeDesktopHome()
  await using desktop = await launchDesktop(home)
  const page = await desktop.page(null)

  await test.step('pages have isolation and sandbox, and see nothing but the port', async () => {
    const preferences = await desktop.evaluate(({ BaseWindow }) => {
      const [view] = BaseWindow.getAllWindows()[0]!.contentView.children as Electron.WebContentsView[]
      // Electron has the method and leaves it out of its types.
      const contents = view!.webContents as Electron.WebContents & {
        getLastWebPreferences(): Electron.WebPreferences
      }
      const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag, spellcheck } =
        contents.getLastWebPreferences()
      return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag, spellcheck }
    }, null)
    expect(preferences).toEqual({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    })
    const seen = await page.evaluate(() => {
      const global = globalThis as unknown as Record<string, object>
      const port = global['m3m']!
      return {
        node: ['require', 'process', 'Buffer', 'module', 'ipcRenderer', 'electron'].filter(
          (name) => name in global,
        ),
        port: Object.keys(port).sort(),
        isFrozen: Object.isFrozen(port),
      }
    })
    expect(seen).toEqual({
      node: [],
      port: [
        'agents',
        'app',
        'context',
        'favourites',
        'files',
        'local',
        'on',
        'platform',
        'session',
        'version',
        'windows',
      ],
      isFrozen: true,
    })
  })

  await test.step('wrong calls of the port are refused', async () => {
    const answer = await page.evaluate(() => {
      const port = (globalThis as unknown as { m3m: { agents: { add(input: unknown): Promise<object> } } })
        .m3m
      return port.agents.add({ url: 'file:///etc/passwd' })
    })
    expect(answer).toMatchObject({ ok: false, error: { code: 'DESKTOP_CALL_INVALID' } })
  })

  await test.step('the policy forbids eval and inline script; files end at the build', async () => {
    const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'))
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toContain('unsafe-eval')
    // Later, because the protocol's own evaluation is allowed to evaluate.
    const outcome = await page.evaluate(
      () =>
        new Promise((resolve) =>
          setTimeout(() => {
            try {
              // oxlint-disable-next-line no-new-func -- it has to fail
              resolve(new Function('return "ran"')())
            } catch (error) {
              resolve((error as Error).name)
            }
          }, 0),
        ),
    )
    expect(outcome).toBe('EvalError')
    const inline = await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'globalThis.inlineRan = true'
      document.body.append(script)
      return 'inlineRan' in globalThis
    })
    expect(inline).toBe(false)
    const outside = await page.evaluate(async () =>
      Promise.all(
        ['/..%2fpackage.json', '/..%2fout%2fmain%2findex.js', '/%2e%2e/package.json', '/package.json'].map(
          async (path) => (await fetch(path)).status,
        ),
      ),
    )
    expect(outside).toEqual([404, 404, 404, 404])
  })

  await test.step('navigation and windows are denied; https goes to the system’s browser', async () => {
    await desktop.evaluate(({ shell }) => {
      const opened: string[] = []
      Object.assign(globalThis, { opened })
      shell.openExternal = async (url: string) => void opened.push(url)
    }, null)
    const before = page.url()
    // A moment later, since the evaluation would wait for the page or the window that never comes.
    const opened = () => desktop.evaluate(() => (globalThis as unknown as { opened: string[] }).opened, null)
    for (const href of ['file:///etc/passwd', 'http://example.com/b', 'https://example.com/a'])
      await page.evaluate(
        (target) => {
          const link = Object.assign(document.createElement('a'), target)
          document.body.append(link)
          setTimeout(() => link.click())
        },
        { href },
      )
    await expect.poll(opened).toEqual(['https://example.com/a'])
    await page.evaluate(() => void setTimeout(() => window.open('https://example.com/window')))
    await page.evaluate(() => {
      const link = Object.assign(document.createElement('a'), {
        href: 'https://example.com/c',
        target: '_blank',
      })
      document.body.append(link)
      setTimeout(() => link.click())
    })
    await expect
      .poll(opened)
      .toEqual(['https://example.com/a', 'https://example.com/window', 'https://example.com/c'])
    expect(page.url()).toBe(before)
    await expect(page.getByRole('heading', { name: 'Agents', exact: true })).toBeVisible()
  })

  await test.step('permissions are denied', async () => {
    const states = await page.evaluate(() =>
      Promise.all(
        ['geolocation', 'notifications', 'camera', 'microphone'].map(
          async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
        ),
      ),
    )
    expect(states).toEqual(['denied', 'denied', 'denied', 'denied'])
  })

  await test.step('fuses', () => {
    expect(FUSES).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })
  })
})

interface Shown {
  title: string
  click: () => void
}

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
  const tray = () =>
    desktop.evaluate(
      (electron) =>
        (
          electron as unknown as { Tray: { opened: { menu: { label?: string }[] }[] } }
        ).Tray.opened[0]!.menu.map((entry) => entry.label ?? ''),
      null,
    )
  await expect.poll(tray, { timeout: 30_000 }).toContain('This computer: 1 running')

  // The body of the answer does not matter: the process of the service is gone.
  await fetch(`${url}/r/${project.slug}/boom`).catch(() => null)
  const shown = () =>
    desktop.evaluate(
      (electron) =>
        (electron as unknown as { Notification: { shown: Shown[] } }).Notification.shown.map(
          ({ title }) => title,
        ),
      null,
    )
  await expect.poll(shown, { timeout: 60_000 }).toEqual(['Shaky crashed (This computer)'])
  await desktop.evaluate(
    (electron) =>
      (electron as unknown as { Notification: { shown: Shown[] } }).Notification.shown[0]!.click(),
    null,
  )
  await expect(page.getByRole('heading', { name: 'Shaky' })).toBeVisible()

  await test.step('stopped from the list, its services drain and the tray says so', async () => {
    await desktop.evaluate(
      ({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('add-agent')!.click(),
      null,
    )
    await list.getByRole('button', { name: 'Stop agent' }).click()
    await expect(list.getByRole('status').filter({ hasText: 'http://127.0.0.1' })).toContainText('Stopped', {
      timeout: 40_000,
    })
    await takePictures(list, '34-desktop-local-agent')
    await expect(fetch(`${url}/health`)).rejects.toThrow()
  })
})

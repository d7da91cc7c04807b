import { expect, test } from '@playwright/test'
import { FUSES } from '../../apps/desktop/electron-builder.config.ts'
import { HOME_METHODS, portInputs } from '../../apps/desktop/src/shared/desktop-port.schema.ts'
import { TestAgent } from '../fixtures/agent.ts'
import { addAgent } from '../fixtures/desktop-acts.ts'
import { launchDesktop, makeDesktopHome } from '../fixtures/desktop.ts'
import { Panel } from '../fixtures/panel.ts'
import { Wire } from '../fixtures/wire.ts'

test('the security switches of the built app', async () => {
  await using home = await makeDesktopHome()
  await using desktop = await launchDesktop(home)
  const page = await desktop.page(null)
  // A navigation that is denied while the page loads its own files can break those off; that is not what is looked at here.
  await expect(page.getByRole('heading', { name: 'Agents', exact: true })).toBeVisible()

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

  await test.step('the port has the methods that are checked, and each refuses what is not its own', async () => {
    const methods = await page.evaluate(() => {
      const { m3m: port } = globalThis as unknown as { m3m: Record<string, unknown> }
      return Object.entries(port)
        .flatMap(([name, member]) => {
          if (typeof member === 'function') return [name]
          return typeof member === 'object' ? Object.keys(member!).map((method) => `${name}.${method}`) : []
        })
        .filter((name) => name !== 'on')
    })
    expect(methods.sort()).toEqual(Object.keys(portInputs).sort())
    // Those without an argument send none whatever they are given, and are left alone here: they would be carried out.
    const taking = methods.filter((method) => !portInputs[method as keyof typeof portInputs].isOptional())
    const codes = await page.evaluate(async (names) => {
      const { m3m } = globalThis as unknown as { m3m: object }
      type Method = (input: unknown) => Promise<{ ok: boolean; error?: { code: string } }>
      const answers = names.map((name) => {
        const method = name.split('.').reduce<unknown>((at, key) => (at as never)[key], m3m) as Method
        return [null, 7, { url: 'file:///etc/passwd' }].map(
          async (input) => (await method(input)).error?.code,
        )
      })
      return Promise.all(answers.flat())
    }, taking)
    expect(taking.length).toBeGreaterThan(10)
    expect(new Set(codes)).toEqual(new Set(['DESKTOP_CALL_INVALID']))
  })

  await test.step('a frame in the page cannot be made, and no other page is put into it', async () => {
    const frame = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const element = document.createElement('iframe')
          element.src = '/'
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
            once: true,
          })
          // A frame that was refused says "load" too, sometimes before the violation; it has no document one may see.
          element.addEventListener('load', () => element.contentDocument && resolve('loaded'))
          document.body.append(element)
        }),
    )
    expect(frame).toBe('frame-src')
    // `<webview>` is an unknown element; were it none, main would refuse to attach it.
    expect(await page.evaluate(() => 'loadURL' in document.createElement('webview'))).toBe(false)
    const attached = await desktop.evaluate(({ BaseWindow }) => {
      const [view] = BaseWindow.getAllWindows()[0]!.contentView.children as Electron.WebContentsView[]
      const event = { defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) }
      view!.webContents.emit('will-attach-webview', event, {}, { src: 'https://example.com' })
      return !event.defaultPrevented
    }, null)
    expect(attached).toBe(false)
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
    const refused = await page.evaluate(
      () =>
        new Promise((resolve) =>
          navigator.geolocation.getCurrentPosition(
            () => resolve('given'),
            ({ code, PERMISSION_DENIED }) => resolve(code === PERMISSION_DENIED ? 'denied' : code),
          ),
        ),
    )
    expect(refused).toBe('denied')
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

/** What would run, were it not taken out: as a text, as its Markdown and as its HTML. */
const HOSTILE = `# Hello
<img src="x" onerror="globalThis.ran = 'img'"><script>globalThis.ran = 'script'</script>
<iframe srcdoc="<script>parent.ran = 'frame'</script>"></iframe><svg onload="globalThis.ran = 'svg'"></svg>
<a href="javascript:globalThis.ran = 'link'">press</a> and [press](javascript:globalThis.ran='markdown')`

test('the page of an agent: what a record holds runs nowhere, and nothing of other agents can be asked for', async () => {
  await using home = await makeDesktopHome()
  await using agent = await TestAgent.start({ panelOrigins: [home.origin] })
  const wire = await Wire.signIn(agent)
  const project = await wire.project('Tea', 'service.start(() => {})\n')
  const fields = [
    { key: 'markdown', type: 'text' },
    { key: 'html', type: 'text', format: 'html' },
  ]
  const form = { fields: [{ key: 'markdown', widget: 'markdown' }, { key: 'html' }] }
  await wire.mutate('models.create', { projectId: project.id, name: 'Notes', slug: 'notes', fields, form })
  const data = { markdown: HOSTILE, html: HOSTILE }
  const { id } = await wire.mutate<{ id: string }>('records.create', {
    projectId: project.id,
    model: 'notes',
    data,
  })
  await using desktop = await launchDesktop(home)
  const page = await addAgent(desktop, agent.url, 'Alpha')
  await new Panel(page).signIn()

  await test.step('a record with hostile HTML is shown', async () => {
    await page.evaluate((path) => {
      history.pushState(null, '', path)
      dispatchEvent(new PopStateEvent('popstate'))
    }, `/projects/${project.slug}/data/notes?record=${id}`)
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Hello' }).first()).toBeVisible()
    expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
    expect(await page.locator('main iframe, [role=dialog] iframe, a[href^="javascript:"]').count()).toBe(0)
  })

  await test.step('what concerns other agents or this computer is refused', async () => {
    // Those without an argument: the others are refused for a wrong one first.
    const methods = [...HOME_METHODS].filter((name) =>
      portInputs[name as keyof typeof portInputs].isOptional(),
    )
    const codes = await page.evaluate(async (names) => {
      const { m3m } = globalThis as unknown as { m3m: object }
      type Method = () => Promise<{ error?: { code: string } }>
      return Promise.all(
        names.map(async (name) => {
          const method = name.split('.').reduce<unknown>((at, key) => (at as never)[key], m3m) as Method
          return (await method()).error?.code
        }),
      )
    }, methods)
    expect(methods.length).toBeGreaterThan(5)
    expect(new Set(codes)).toEqual(new Set(['DESKTOP_HOME_ONLY']))
  })
})

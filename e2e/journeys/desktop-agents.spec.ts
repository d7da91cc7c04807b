import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { ROOT, TestAgent } from '../fixtures/agent.ts'
import { addAgent, shownAgents } from '../fixtures/desktop-acts.ts'
import { launchDesktop, makeDesktopHome } from '../fixtures/desktop.ts'
import { Panel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'
import { Wire } from '../fixtures/wire.ts'

// Agents, a Chromium and the app are started several times in each: seconds on idle cores, minutes on crowded ones.
test.describe.configure({ timeout: 300_000 })

/** The part of `window.m3m` that is used by hand here. */
interface Port {
  session: { accessToken(input: object): Promise<{ value: { token: string } | null }> }
}

/** Text of every file below a folder. */
async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))
  return texts.join('\n')
}

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

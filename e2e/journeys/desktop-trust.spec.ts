import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { addAgent } from '../fixtures/desktop-acts.ts'
import { findElectron, launchDesktop, makeDesktopHome } from '../fixtures/desktop.ts'
import { Panel } from '../fixtures/panel.ts'
import { takePictures } from '../fixtures/pictures.ts'

// Agents, a Chromium and the app are started several times in each: seconds on idle cores, minutes on crowded ones.
test.describe.configure({ timeout: 300_000 })

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

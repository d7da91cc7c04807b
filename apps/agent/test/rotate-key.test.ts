// The key of the secrets is replaced; a kill at any moment loses nothing.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { composeCommand } from '../src/compose-command.ts'
import { readConfig } from '../src/config/read-config.ts'
import { beginRotation } from '../src/config/rotate-keys.ts'
import { secretKeys } from '../src/config/secret-keys.ts'
import { runAgent, startAgent } from '../src/testing.ts'
import { ROOT, signIn } from './panel-client.ts'

const home = mkdtempSync(join(tmpdir(), 'm3m-rotate-'))
const folder = join(home, 'data')
const config = readConfig({ env: { M3M_HOME: home }, cwd: home })
const projects: string[] = []

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  await using agent = await startAgent({ home })
  const panel = await signIn(agent.url)
  for (const name of ['One', 'Two']) {
    const projectId = String((await panel.mutate('projects.create', { name }))['id'])
    projects.push(projectId)
    const variables = [
      { key: 'TOKEN', type: 'secret', value: `token of ${name}` },
      { key: 'LIMIT', type: 'integer', value: 5 },
    ]
    await panel.mutate('env.save', { projectId, variables })
  }
  const mail = { host: 'smtp.example.com', port: 465, security: 'tls', user: 'm3m', from: 'm3m@example.com' }
  await panel.mutate('agent.updateSettings', { mail: { ...mail, password: 'hunter2' } })
  expect((await runAgent(['rotate-key'], { home })).output).toContain('An agent already serves')
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Every secret there is, as a restarted agent would read it. */
async function secrets() {
  await using command = await composeCommand(config, { secretKeys: secretKeys(folder) })
  await command.core.services.agentSettings.load()
  const values = []
  for (const projectId of projects) {
    const { environment } = command.data.project(projectId, { kind: 'operator', id: 'x', name: 'x' })
    values.push((await environment.read()).values['TOKEN'])
  }
  return [...values, command.core.services.agentSettings.mailAccount()?.password]
}

const ALL = ['token of One', 'token of Two', 'hunter2']
const keyFile = () => readFileSync(join(folder, 'secrets.key'), 'utf8').trim().split('\n')

it('seals everything with a new key, and keeps the old one for older backups', async () => {
  const [old] = keyFile()
  expect(await secrets()).toEqual(ALL)
  const { code, output } = await runAgent(['rotate-key'], { home })
  expect([code, output]).toEqual([0, expect.stringContaining('Sealed 3 secrets')])
  expect(keyFile()).toHaveLength(1)
  expect(keyFile()).not.toContain(old)
  expect(readFileSync(join(folder, 'secrets.key.retired'), 'utf8').trim()).toBe(old)
  for (const name of ['secrets.key', 'secrets.key.retired'])
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  expect(await secrets()).toEqual(ALL)
})

it('loses nothing when it is killed after the new key, or in the middle of sealing', async () => {
  const { keys } = beginRotation(folder)
  expect(keyFile()).toHaveLength(2)
  expect(await secrets()).toEqual(ALL)
  {
    // One part is sealed anew, then the process is gone.
    await using command = await composeCommand(config, { secretKeys: keys })
    expect(await command.data.resealSecrets()).toBe(2)
  }
  expect(await secrets()).toEqual(ALL)
  const { output } = await runAgent(['rotate-key'], { home })
  expect(output).toContain('cut off is gone on with')
  expect(keyFile()).toEqual([keys[0]])
  expect(await secrets()).toEqual(ALL)
})

import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { stageAgent } from './stage-agent.ts'
import { localProgram } from '../../apps/desktop/src/main/local/local-program.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'm3m-staged-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the agent that goes into a package runs by itself, on the Node that goes with it', () => {
  const staged = stageAgent(root, join(folder, 'agent'))
  expect(staged).toContain('packages/runtime')
  const program = localProgram({
    packaged: true,
    resourcesPath: folder,
    appPath: '',
    platform: process.platform,
    arch: process.arch,
    exists: () => true,
  })
  const said = execFileSync(program!.node, [program!.main, 'version'], { encoding: 'utf8', cwd: folder })
  expect(said).toMatch(/^m3m-agent \d+\.\d+\.\d+ \(node 2/)
  const help = execFileSync(program!.node, [program!.main, 'help'], { encoding: 'utf8', cwd: folder })
  expect(help).toMatch(/new-admin/)
  const own = globSync(['apps/**', 'packages/**'], { cwd: join(folder, 'agent') })
  expect(own.filter((path) => path.endsWith('.test.ts'))).toEqual([])
}, 60_000)

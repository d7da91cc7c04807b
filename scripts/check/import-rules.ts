// Runs dependency-cruiser over the whole project.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../build/targets.ts'

const hook = new URL('./typescript-5.ts', import.meta.url).href
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
const folders = ['packages', 'apps', 'plugins'].filter((name) => existsSync(join(root, name)))
const result = spawnSync(
  process.execPath,
  ['--import', hook, cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...folders],
  { cwd: root, stdio: 'inherit' },
)
process.exitCode = result.status ?? 1

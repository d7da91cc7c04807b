// Runs knip from this workspace (it needs TypeScript 5's API).
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { root } from '../build/targets.ts'

const manifest = createRequire(import.meta.url).resolve('knip/package.json')
const result = spawnSync(process.execPath, [join(dirname(manifest), 'bin/knip.js'), '--no-progress'], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = result.status ?? 1

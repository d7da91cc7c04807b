// npm run bench [-- runtime datastore records agent panel logs]: prints ratios measured in one run on this machine.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.ts'
import { root } from './build/targets.ts'

const benches: Record<string, string> = {
  datastore: 'packages/datastore/bench/main.ts',
  runtime: 'packages/runtime/bench/main.ts',
  records: 'packages/data/bench/main.ts',
  agent: 'apps/agent/bench/main.ts',
  panel: 'e2e/bench/records-grid.ts',
  logs: 'e2e/bench/logs.ts',
}

const names = process.argv.slice(2)
const unknown = names.find((name) => !(name in benches))
if (unknown) {
  console.error(`unknown benchmark "${unknown}"; there are ${Object.keys(benches).join(', ')}`)
  process.exit(1)
}
/** What people start: an agent from its sources loads twice as long. */
const STARTED = ['prelude', 'agent']
build(
  names.length === 0 || names.some((name) => name === 'panel' || name === 'logs')
    ? [...STARTED, 'web']
    : STARTED,
)
for (const [name, file] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue
  if (!existsSync(join(root, file))) continue
  console.log(`\n## ${name}\n`)
  const { status } = spawnSync(process.execPath, ['--no-node-snapshot', join(root, file)], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}

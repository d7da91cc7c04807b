// npm start: builds what is stale, then becomes the agent (same process, so that a signal reaches it).
import { join } from 'node:path'
import { build } from './build.ts'
import { root } from './build/targets.ts'

build(['prelude', 'agent', 'icons', 'web'])
performance.mark('m3m:built')
const entry = join(root, 'apps/agent/src/main.ts')
process.argv.splice(1, process.argv.length - 1, entry, 'serve', ...process.argv.slice(2))
await import(entry)

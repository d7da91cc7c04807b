// Entry of a probe: loads one plugin to see whether that works, bundles its sandbox half, says so and is gone. Whatever
// the plugin does here (throw, loop, crash, end the process) it does to nobody else.
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import process from 'node:process'
import { AppError, messageOf } from '@m3m/base'
import { preferAsOomVictim, watchParent } from '../supervisor/parent-watch.ts'
import { keepProcess } from './keep-process.ts'
import { loadPlugin, withoutFolder } from './load-plugin.ts'
import { PROBE_FD, type ProbeAnswer, type ProbeOrder } from './probe.wire.ts'
import { pluginErrors } from './plugin.errors.ts'

watchParent(PROBE_FD.watch)
preferAsOomVictim()
keepProcess()
const order = JSON.parse(readFileSync(PROBE_FD.order, 'utf8')) as ProbeOrder

async function probe(): Promise<ProbeAnswer> {
  const { name, folder, sandbox } = order
  await loadPlugin(order)
  if (sandbox === null) return { ok: true, sandboxCode: null, members: null }
  // Only now: the bundler takes longer to load than most plugins.
  const { bundleSandbox } = await import('./bundle-sandbox.ts')
  const half = await bundleSandbox(name, folder, sandbox)
  return { ok: true, sandboxCode: half.code, members: half.members }
}

function refusal(error: unknown): ProbeAnswer {
  const { name: plugin, folder } = order
  const reason = withoutFolder(messageOf(error), folder)
  const shape = error instanceof AppError ? error : pluginErrors.PLUGIN_LOAD_FAILED({ plugin, reason })
  const origin = error instanceof AppError ? error.cause : error
  const stack = origin instanceof Error ? (origin.stack ?? '') : ''
  return { ok: false, error: shape.toShape(), details: withoutFolder(ownFrames(stack), folder) }
}

/** The message and the frames of the plugin's own files: ours tell its author nothing. */
function ownFrames(stack: string): string {
  const lines = stack.split('\n').filter((line) => !/^\s+at /.test(line) || line.includes(order.folder))
  return lines.join('\n').slice(0, 4_000)
}

const leave = () => process.kill(process.pid, 'SIGKILL')
// A rejection that floats, or a throw out of a timer, while it is loaded.
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error) => answer(refusal(error)))

let answered = false
function answer(value: ProbeAnswer): void {
  if (answered) return
  answered = true
  new Socket({ fd: PROBE_FD.answer, readable: false, writable: true }).end(JSON.stringify(value), leave)
}

answer(await probe().catch(refusal))

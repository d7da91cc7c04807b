// Asks a process of its own whether a plugin loads: the agent never evaluates a plugin's code, nor parses it.
import { spawn, type ChildProcess } from 'node:child_process'
import process from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { checkError } from '../supervisor/check-frames.ts'
import { recordProcess } from '../supervisor/process-file.ts'
import { pluginErrors } from './plugin.errors.ts'
import { PROBE_FD, type ProbeAnswer, type ProbeOrder } from './probe.wire.ts'

const ENTRY = fileURLToPath(new URL('./probe-process.ts', import.meta.url))
/** Beyond the 10 s that a plugin has to load: a process that says nothing is stuck. */
const DEADLINE_MS = 20_000
const MAX_ANSWER_CHARS = 2 * 1024 * 1024
const MAX_MEMBERS = 1_000
const HEAP_MB = 256

export interface ProbeOptions {
  /** Where the process is recorded for the next agent start; without it it is not (tests). */
  processFolder?: string | undefined
  deadlineMs?: number
}

/** Never rejects: whatever happens to the process is an answer. */
export async function probePlugin(order: ProbeOrder, options: ProbeOptions = {}): Promise<ProbeAnswer> {
  const { deadlineMs = DEADLINE_MS, processFolder } = options
  const child = spawn(process.execPath, ['--no-warnings', `--max-old-space-size=${HEAP_MB}`, ENTRY], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: {},
  })
  const forget =
    processFolder !== undefined && child.pid !== undefined
      ? recordProcess(processFolder, 'tool', child.pid)
      : () => {}
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, deadlineMs)
  try {
    const { text, how } = await conversation(child, JSON.stringify(order))
    return read(text) ?? refused(order, late ? `it did not load within ${deadlineMs / 1000} s` : how)
  } finally {
    clearTimeout(timer)
    forget()
  }
}

function conversation(child: ChildProcess, order: string): Promise<{ text: string; how: string }> {
  const answer = child.stdio[PROBE_FD.answer] as Readable
  ;(child.stdio[PROBE_FD.watch] as unknown as Writable).on('error', () => {})
  child.stdin!.on('error', () => {})
  child.stdin!.end(order)
  let text = ''
  answer.setEncoding('utf8')
  answer.on('error', () => {})
  answer.on('data', (part: string) => {
    text += part
    if (text.length > MAX_ANSWER_CHARS) child.kill('SIGKILL')
  })
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ text: '', how: error.message }))
    // `close`, not `exit`: what it said last has arrived by then.
    child.once('close', (code, signal) =>
      resolve({ text, how: `its process ended (${signal ? `signal ${signal}` : `exit code ${code}`})` }),
    )
  })
}

/** What a process full of foreign code says is checked like any other input; null when it cannot be used. */
function read(text: string): ProbeAnswer | null {
  if (text.length > MAX_ANSWER_CHARS) return null
  let value: Partial<Record<string, unknown>> | null
  try {
    value = JSON.parse(text) as typeof value
  } catch {
    return null
  }
  if (value?.['ok'] === false) {
    const details = typeof value['details'] === 'string' ? value['details'].slice(0, 4_000) : ''
    return { ok: false, error: checkError(value['error']), details }
  }
  const { ok, sandboxCode, members } = value ?? {}
  if (ok !== true || (sandboxCode !== null && typeof sandboxCode !== 'string')) return null
  return { ok, sandboxCode, members: isNames(members) ? members : null }
}

function isNames(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_MEMBERS &&
    value.every((name) => typeof name === 'string' && /^[\w$]{1,100}$/.test(name))
  )
}

function refused({ name }: ProbeOrder, reason: string): ProbeAnswer {
  const error = pluginErrors.PLUGIN_LOAD_FAILED({ plugin: name, reason })
  return { ok: false, error: error.toShape(), details: '' }
}

// console (WHATWG Console): lines of the run's log. Indented inside groups; `%` formats as the standard has them.
import { formatArguments } from '../../sandbox/format.ts'
import type { SandboxRoom } from '../../sandbox/lane.ts'
import { tableText } from './table.sandbox.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'

/** Labels of counters and timers that are kept. */
const MAX_LABELS = 1000
const MAX_DEPTH = 20

const counts = new Map<string, number>()
const timers = new Map<string, number>()
let depth = 0

export const room: SandboxRoom = (_lane, kernel) => {
  const maxChars = kernel.facts.limits.logLineBytes
  const put = (level: Level, text: string): void => {
    const indent = '  '.repeat(Math.min(depth, MAX_DEPTH))
    kernel.log(level, indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`))
  }
  const write =
    (level: Level) =>
    (...args: unknown[]): void =>
      put(level, formatArguments(formatted(args), maxChars))
  const group = (...args: unknown[]): void => {
    if (args.length > 0) write('info')(...args)
    depth++
  }
  return {
    debug: write('debug'),
    log: write('info'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    trace: (...args: unknown[]) =>
      put('debug', traceText(formatArguments(formatted(args), maxChars), kernel)),
    assert: (condition?: unknown, ...args: unknown[]) => {
      if (condition) return
      const [first, ...rest] = args
      const text =
        typeof first === 'string' ? [`Assertion failed: ${first}`, ...rest] : ['Assertion failed', ...args]
      write('error')(...text)
    },
    dir: (value: unknown) => put('info', formatArguments([value], maxChars)),
    dirxml: write('info'),
    table: (data: unknown, columns?: readonly unknown[]) =>
      put('info', tableText(data, columns) ?? formatArguments([data], maxChars)),
    group,
    groupCollapsed: group,
    groupEnd: () => {
      depth = Math.max(0, depth - 1)
    },
    ...counters(put),
    ...stopwatches(put, maxChars),
    clear: () => {
      depth = 0
    },
  }
}

type Put = (level: Level, text: string) => void

const labelOf = (label: unknown): string => (label === undefined ? 'default' : String(label))

function keep(map: Map<string, number>, label: string, value: number): void {
  // The oldest goes: labels may be made of anything.
  if (map.size >= MAX_LABELS && !map.has(label)) map.delete(map.keys().next().value!)
  map.set(label, value)
}

function counters(put: Put) {
  return {
    count: (label?: unknown) => {
      const name = labelOf(label)
      keep(counts, name, (counts.get(name) ?? 0) + 1)
      put('info', `${name}: ${counts.get(name)}`)
    },
    countReset: (label?: unknown) => {
      const name = labelOf(label)
      if (!counts.delete(name)) put('warn', `There is no counter "${name}".`)
    },
  }
}

function stopwatches(put: Put, maxChars: number) {
  const since = (label: unknown, args: readonly unknown[]): string | null => {
    const name = labelOf(label)
    const began = timers.get(name)
    if (began === undefined) {
      put('warn', `There is no timer "${name}".`)
      return null
    }
    const more = args.length > 0 ? ` ${formatArguments(args, maxChars)}` : ''
    return `${name}: ${Date.now() - began}ms${more}`
  }
  return {
    time: (label?: unknown) => {
      const name = labelOf(label)
      if (timers.has(name)) return put('warn', `The timer "${name}" runs already.`)
      keep(timers, name, Date.now())
    },
    timeLog: (label?: unknown, ...args: unknown[]) => {
      const text = since(label, args)
      if (text !== null) put('info', text)
    },
    timeEnd: (label?: unknown) => {
      const text = since(label, [])
      if (text !== null) put('info', text)
      timers.delete(labelOf(label))
    },
  }
}

/** The message and where it was called from. */
function traceText(message: string, kernel: { describe(thrown: unknown): string }): string {
  const trace = new Error(message)
  trace.name = 'Trace'
  return kernel.describe(trace)
}

/** WHATWG Console, "Formatter". */
function formatted(args: readonly unknown[]): readonly unknown[] {
  const [first, ...rest] = args
  if (typeof first !== 'string' || args.length < 2 || !first.includes('%')) return args
  let at = 0
  const text = first.replace(/%([sdifoOjc%])/g, (whole, kind: string) => {
    if (kind === '%') return '%'
    if (at >= rest.length) return whole
    return formatAs(kind, rest[at++])
  })
  return [text, ...rest.slice(at)]
}

function formatAs(kind: string, value: unknown): string {
  if (kind === 'c') return ''
  if (kind === 's') return typeof value === 'string' ? value : formatArguments([value])
  if (kind === 'o' || kind === 'O' || kind === 'j') return formatArguments([value])
  if (typeof value === 'symbol') return 'NaN'
  if (typeof value === 'bigint') return `${value}n`
  if (kind === 'd') return String(typeof value === 'object' ? NaN : Number(value))
  return String(kind === 'i' ? parseInt(String(value), 10) : parseFloat(String(value)))
}

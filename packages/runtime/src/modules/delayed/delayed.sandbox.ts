import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { SandboxRoom } from '../../sandbox/lane.ts'
import { startTimer, stopTimer } from '../../sandbox/timers.ts'
import {
  DELAYED_ARM,
  DELAYED_CANCEL,
  DELAYED_LIST,
  MAX_TOLD_TASKS,
  type DelayedSetup,
  type DelayedTasks,
} from './delayed.contract.ts'

interface Task {
  readonly id: string
  readonly key: string | null
  readonly fn: () => unknown
  readonly backoffMs: number
  readonly addedMs: number
  beganMs: number | null
  dueMs: number | null
  retriesLeft: number
  attempt: number
  state: 'waiting' | 'running' | 'over'
  timer: number | null
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  readonly handle: { readonly id: string; readonly result: Promise<unknown>; cancel(): boolean }
}

/** Longest pause between two attempts. */
const MAX_BACKOFF_MS = 3_600_000
const BACKOFF_MS = 1_000

const now = Date.now
const waiting: Task[] = []
/** All that are not over, the oldest first. */
const tasks = new Map<string, Task>()
const byKey = new Map<string, Task>()
let running = 0
let armed = false
let lastId = 0
let setup: DelayedSetup | undefined

export const room: SandboxRoom = (_lane, kernel) => {
  if (!setup) {
    setup = kernel.bootData('delayed') as DelayedSetup
    kernel.on(DELAYED_ARM, (value) => {
      armed = value === true
      // Not inside this entry: the host waits for its end.
      if (armed) startTimer(() => begin(kernel), 0, false)
    })
    kernel.on(DELAYED_LIST, told)
    kernel.on(DELAYED_CANCEL, (id) => {
      const task = tasks.get(String(id))
      return task !== undefined && cancel(kernel, task)
    })
  }
  return { run: (fn: unknown, options?: Record<string, unknown>) => add(kernel, fn, options ?? {}) }
}

function add(kernel: Kernel, fn: unknown, options: Record<string, unknown>): Task['handle'] {
  if (typeof fn !== 'function')
    throw kernel.error('SERVICE_ARGUMENT_INVALID', '"delayed.run" expects a function.')
  const key = options['key'] === undefined ? null : String(options['key'])
  const known = key === null ? undefined : byKey.get(key)
  if (known) return known.handle
  const { maxWaiting } = setup!
  if (waiting.length >= maxWaiting) {
    kernel.limited('delayedQueue', `A task was refused: ${maxWaiting} wait already.`)
    throw kernel.error(
      'DELAYED_QUEUE_FULL',
      `${maxWaiting} delayed tasks wait already; make fewer, or raise runtime.limits.delayedQueue.`,
    )
  }
  const task = makeTask(kernel, fn as () => unknown, key, options)
  if (key !== null) byKey.set(key, task)
  enqueue(kernel, task)
  return task.handle
}

function makeTask(
  kernel: Kernel,
  fn: () => unknown,
  key: string | null,
  options: Record<string, unknown>,
): Task {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  // A failure is logged; whoever does not ask for the result need not catch it too.
  promise.catch(() => {})
  const id = `task_${++lastId}`
  const task: Task = {
    id,
    key,
    fn,
    backoffMs: Math.max(0, Number(options['backoff'] ?? BACKOFF_MS) || 0),
    retriesLeft: Math.max(0, Math.trunc(Number(options['retries'] ?? 0)) || 0),
    attempt: 0,
    addedMs: now(),
    beganMs: null,
    dueMs: null,
    state: 'waiting',
    timer: null,
    resolve,
    reject,
    handle: Object.freeze({ id, result: promise, cancel: () => cancel(kernel, task) }),
  }
  return task
}

function enqueue(kernel: Kernel, task: Task): void {
  task.state = 'waiting'
  task.dueMs = null
  tasks.set(task.id, task)
  waiting.push(task)
  // After the current call, never inside of it.
  startTimer(() => begin(kernel), 0, false)
}

function begin(kernel: Kernel): void {
  while (armed && running < setup!.poolSize && waiting.length > 0) void work(kernel, waiting.shift()!)
}

async function work(kernel: Kernel, task: Task): Promise<void> {
  running++
  task.state = 'running'
  task.beganMs = now()
  task.attempt++
  try {
    const value = await task.fn()
    over(task)
    task.resolve(value)
  } catch (error) {
    failed(kernel, task, error)
  }
  running--
  begin(kernel)
}

function failed(kernel: Kernel, task: Task, error: unknown): void {
  if (task.retriesLeft > 0) {
    task.retriesLeft--
    const pauseMs = Math.min(MAX_BACKOFF_MS, task.backoffMs * 2 ** (task.attempt - 1))
    task.state = 'waiting'
    task.beganMs = null
    task.dueMs = now() + pauseMs
    task.timer = startTimer(() => enqueue(kernel, task), pauseMs, false)
    return
  }
  over(task)
  kernel.log('error', `A delayed task failed (${task.id}): ${kernel.describe(error)}`)
  task.reject(error)
}

function cancel(kernel: Kernel, task: Task): boolean {
  if (task.state !== 'waiting') return false
  const at = waiting.indexOf(task)
  if (at >= 0) waiting.splice(at, 1)
  if (task.timer !== null) stopTimer(task.timer)
  over(task)
  task.reject(kernel.error('DELAYED_CANCELLED', `The delayed task ${task.id} was cancelled.`))
  return true
}

function over(task: Task): void {
  task.state = 'over'
  tasks.delete(task.id)
  if (task.key !== null) byKey.delete(task.key)
}

function told(): DelayedTasks {
  const list: DelayedTasks['tasks'] = []
  for (const { id, key, state, attempt, retriesLeft, addedMs, beganMs, dueMs } of tasks.values()) {
    if (list.length === MAX_TOLD_TASKS) break
    if (state !== 'over') list.push({ id, key, state, attempt, retriesLeft, addedMs, beganMs, dueMs })
  }
  return { waiting: tasks.size - running, running, tasks: list }
}

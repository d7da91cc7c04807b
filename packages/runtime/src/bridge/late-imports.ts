// `import()`, seen from the host: files are linked and evaluated between two turns, once each, by the limits of any entry. Inside,
// sandbox/late-imports.ts holds who waits for them.
import { AppError } from '@m3m/base'
import type { ServiceIsolate } from '../isolate/service-isolate.ts'
import type { HostCall } from '../module/define-module.ts'
import { runtimeErrors } from '../runtime.errors.ts'
import { authorFrames } from '../sandbox/stacks.ts'
import {
  EVALUATED,
  EXPORT_NAME,
  LOAD,
  MAX_EXPORT_NAMES,
  SETTLED,
  type ImportFailure,
} from '../sandbox/late-imports.contract.ts'
import type { TurnLoop } from './turn-loop.ts'

export interface LateImportsOptions {
  isolate: ServiceIsolate
  loop: TurnLoop
  entry: string
  limitMs: number
  enter(event: string, args: readonly unknown[]): Promise<unknown>
  /** An evaluation was cut off by its limit. */
  onTimeout(): void
  /** Something was rejected while files were evaluated, and it was not why one of them failed. */
  onFloating(error: Error): void
}

/** `asked`: on its way. `paused`: it awaits something at its top level. The others are final. */
interface File {
  state: 'asked' | 'paused' | 'evaluated' | 'failed'
  readonly names: readonly string[] | null
  probes: number
}

/**
 * A file that awaits at its top level fails in the middle of some turn, and V8 tells nobody but the handler of floating
 * rejections. So after one of those each such file is asked for again; one that never settles, in a service that floods
 * rejections, is asked for so often only: each time leaves some hundred bytes in its isolate.
 */
const MAX_PROBES = 1000

/** Late imports of one service that calls `import()`. */
export class LateImports {
  readonly #options: LateImportsOptions
  readonly #files = new Map<string, File>()
  /** What an evaluation that was cut off may have left half done: V8 has no word for it, so it is not touched again. */
  readonly #broken = new Set<string>()
  /** The round of questions that has not begun. */
  #next: Promise<readonly unknown[]> | null = null

  constructor(options: LateImportsOptions) {
    this.#options = options
  }

  /** What the prelude tells; from a hostile guest, as everything. */
  readonly calls: Readonly<Record<string, HostCall>> = {
    [LOAD]: ([path, names]) => this.#load(path, names),
    [EVALUATED]: ([path]) => this.#evaluated(path),
  }

  /**
   * Whether a rejection that nobody caught is why a file failed: then whoever imports it is told, and nobody else. null: no file
   * is under way.
   */
  explains(error: Error): Promise<boolean> | null {
    if (!this.#anyPaused) return null
    // Rejections that come while a round is waiting are answered by it.
    this.#next ??= new Promise((resolve) =>
      this.#options.loop.between(async () => {
        this.#next = null
        resolve(await this.#probe())
      }),
    )
    return this.#next.then((reasons) => reasons.some((reason) => isSame(reason, error)))
  }

  get #anyPaused(): boolean {
    for (const { state, probes } of this.#files.values())
      if (state === 'paused' && probes < MAX_PROBES) return true
    return false
  }

  #load(path: unknown, given: unknown): void {
    if (typeof path !== 'string' || this.#files.has(path)) return
    const names = Array.isArray(given)
      ? given.filter((name): name is string => typeof name === 'string' && EXPORT_NAME.test(name))
      : null
    const file: File = { state: 'asked', names: names?.slice(0, MAX_EXPORT_NAMES) ?? null, probes: 0 }
    this.#files.set(path, file)
    this.#options.loop.between(() => this.#bring(path, file))
  }

  #evaluated(path: unknown): void {
    const file = this.#files.get(path as string)
    if (file?.state === 'asked' || file?.state === 'paused') this.#settle(path as string, file, null)
  }

  async #bring(path: string, file: File): Promise<void> {
    const { isolate, limitMs, onFloating } = this.#options
    if (await this.#isBroken(path)) return this.#settle(path, file, this.#tooLong(path))
    const brought = await isolate.bring(path, file.names, limitMs)
    if (isolate.disposed) return
    if (brought.kind === 'refused') return this.#settle(path, file, failureOf(brought.error))
    if (brought.kind === 'timeout') return await this.#cutOff(path, file)
    if (file.state === 'asked') file.state = 'paused'
    if (brought.kind !== 'threw') return
    // Either the file threw, or it left a rejection behind: of one entry only the first is told.
    const reasons = file.state === 'paused' ? await this.#probe([path]) : []
    if (!reasons.some((reason) => isSame(reason, brought.error))) onFloating(asError(brought.error))
  }

  /** Asks of the paused files which of them have failed. @returns why. */
  async #probe(paths: Iterable<string> = [...this.#files.keys()]): Promise<unknown[]> {
    const { isolate, limitMs } = this.#options
    const reasons: unknown[] = []
    for (const path of paths) {
      const file = this.#files.get(path)!
      if (file.state !== 'paused' || file.probes >= MAX_PROBES) continue
      file.probes++
      const brought = await isolate.bring(path, file.names, limitMs)
      if (isolate.disposed) break
      if (brought.kind !== 'threw') continue
      reasons.push(brought.error)
      this.#settle(path, file, failureOf(brought.error))
    }
    return reasons
  }

  async #cutOff(path: string, file: File): Promise<void> {
    this.#options.onTimeout()
    // It was through already: what it left to run was cut off, as the rest of any turn would be.
    if (file.state !== 'asked') return
    const whole = await this.#options.isolate.reached([this.#options.entry, ...this.#through()])
    for (const each of await this.#options.isolate.reached([path]))
      if (!whole.has(each)) this.#broken.add(each)
    this.#settle(path, file, this.#tooLong(path))
  }

  *#through(): Iterable<string> {
    for (const [path, { state }] of this.#files) if (state === 'evaluated') yield path
  }

  async #isBroken(path: string): Promise<boolean> {
    if (this.#broken.size === 0) return false
    const reached = await this.#options.isolate.reached([path])
    return !this.#broken.isDisjointFrom(reached)
  }

  #tooLong(path: string): ImportFailure {
    return failureOf(runtimeErrors.SERVICE_IMPORT_TIMEOUT({ path, limitMs: this.#options.limitMs }))
  }

  #settle(path: string, file: File, failure: ImportFailure | null): void {
    file.state = failure ? 'failed' : 'evaluated'
    // It rejects when the run ends first: then nobody waits any more.
    this.#options.enter(SETTLED, [path, failure]).catch(() => {})
  }
}

function failureOf(error: unknown): ImportFailure {
  if (error instanceof AppError) {
    const { code, message, position: at } = error
    const stack = at ? { stack: `Error: ${message}\n    at ${at.file}:${at.line}:${at.column}` } : {}
    return { name: 'Error', message, code, ...stack }
  }
  if (error instanceof Error) {
    const { name, message } = error
    const frames = authorFrames(error.stack ?? '').map((frame) => `\n${frame}`)
    return { name, message, stack: `${name}: ${message}${frames.join('')}` }
  }
  const isPlain =
    error === null || typeof error === 'string' || typeof error === 'number' || typeof error === 'boolean'
  return isPlain ? { value: error } : { name: 'Error', message: String(error) }
}

/** Two copies of one error, or errors nobody could tell apart. */
function isSame(a: unknown, b: unknown): boolean {
  if (!(a instanceof Error) || !(b instanceof Error)) return String(a) === String(b)
  return (
    a.name === b.name &&
    a.message === b.message &&
    authorFrames(a.stack ?? '').join() === authorFrames(b.stack ?? '').join()
  )
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value))
}

import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { unknownName } from '../../sandbox/unknown-name.ts'
import { dollarLane } from '../../sandbox/lanes.ts'
import { SCHEDULE_FIRE, type JobInfo, type JobRequest, type MissedPolicy } from './schedule.contract.ts'

type Fn = () => unknown
interface NameOption {
  name?: string
}
interface TimeOptions extends NameOption {
  missed?: MissedPolicy
}
interface CronOptions extends TimeOptions {
  timezone?: string
  skipIfRunning?: boolean
  timeout?: number | string
}

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/
/** `9:5` is five past nine there. */
const ORIGINAL_TIME = /^([01]?\d|2[0-3]):([0-5]?\d)$/
const handlers = new Map<string, Fn>()
let connected = false

// Jobs live in the host; both spellings ask it at once, for a moment: an id must be there when the call returns.
const ask = <T>(member: string, ...args: unknown[]): T => dollarLane.call<T>(`schedule.${member}`, args) as T

export const room: SandboxRoom = (lane, kernel) => {
  if (!connected) {
    connected = true
    kernel.on(SCHEDULE_FIRE, (id) => fire(id as string))
  }
  const quietly = <A extends unknown[]>(make: (...args: A) => string) =>
    lane.kind === 'bare' ? make : loggedOnly(kernel, make)
  const add = (request: JobRequest, fn: unknown): string => {
    if (typeof fn !== 'function') throw kernel.error('SERVICE_ARGUMENT_INVALID', 'A job needs a function.')
    const id = ask<string>('add', request)
    handlers.set(id, fn as Fn)
    return id
  }
  const check = (options: object, known: readonly string[]) => checkNames(lane, kernel, options, known)
  const named = (request: JobRequest, fn: Fn, options: NameOption = {}) => {
    check(options, ['name'])
    return add({ ...request, name: options.name }, fn)
  }
  const cron = (expression: string, fn: Fn, options: CronOptions = {}) => {
    check(options, CRON_OPTIONS)
    const { timeout, ...chosen } = picked(options)
    // The original left out what is no number there.
    const isKept = lane.kind === 'bare' || (typeof timeout === 'number' && timeout > 0)
    const request = { ...chosen, ...(isKept && timeout !== undefined && { timeout }) }
    return add({ ...request, type: 'cron', expression: String(expression) }, fn)
  }
  const within = (given: unknown, least: number, most: number, what: string): number => {
    // The original took a number in a text, as query strings and variables have it.
    const value = lane.kind === 'dollar' && typeof given === 'string' && given !== '' ? Number(given) : given
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
      throw kernel.error(
        'SCHEDULE_TIME_INVALID',
        `"${String(given)}" is no ${what}; write ${least} to ${most}.`,
      )
    return value as number
  }
  const info = (id: string) => ask<JobInfo | null>('get', id)
  return {
    minutely: quietly((fn: Fn, options?: TimeOptions) => cron('* * * * *', fn, options)),
    hourly: quietly((fn: Fn, options?: TimeOptions) => cron('0 * * * *', fn, options)),
    daily: quietly((fn: Fn, options?: TimeOptions) => cron('0 0 * * *', fn, options)),
    weekly: quietly((day: number, fn: Fn, options?: TimeOptions) =>
      cron(`0 0 * * ${within(day, 0, 6, 'day of the week')}`, fn, options),
    ),
    monthly: quietly((day: number, fn: Fn, options?: TimeOptions) =>
      cron(`0 0 ${within(day, 1, 31, 'day of the month')} * *`, fn, options),
    ),
    at: quietly((time: string, fn: Fn, options?: TimeOptions) => {
      const found = (lane.kind === 'bare' ? TIME : ORIGINAL_TIME).exec(String(time))
      if (!found)
        throw kernel.error('SCHEDULE_TIME_INVALID', `"${String(time)}" is no time of day; write HH:MM.`)
      return cron(`${Number(found[2])} ${Number(found[1])} * * *`, fn, options)
    }),
    cron: quietly(cron),
    every: quietly((interval: number | string, fn: Fn, options?: NameOption) =>
      named({ type: 'interval', interval }, fn, options),
    ),
    once: quietly((at: number | Date, fn: Fn, options?: NameOption) =>
      named({ type: 'once', at }, fn, options),
    ),
    delay: quietly((ms: number | string, fn: Fn, options?: NameOption) =>
      named({ type: 'delay', ms }, fn, options),
    ),
    cancel: (id: string) => {
      handlers.delete(id)
      return ask<boolean>('cancel', id)
    },
    pause: (id: string) => ask<boolean>('pause', id),
    resume: (id: string) => ask<boolean>('resume', id),
    list: () => ask<JobInfo[]>('list'),
    get: (id: string) => info(id),
    nextRun: (id: string) => info(id)?.nextRun ?? null,
    lastRun: (id: string) => info(id)?.lastRun ?? null,
  }
}

/** Whatever else an object has stays inside. */
/** The original gave '' for what is no job, and said why in a log. */
function loggedOnly<A extends unknown[]>(kernel: Kernel, make: (...args: A) => string): typeof make {
  return (...args) => {
    try {
      return make(...args)
    } catch (error) {
      kernel.log('error', `A job was not scheduled: ${kernel.describe(error)}`)
      return ''
    }
  }
}

/** The original took any object for options. */
function checkNames(lane: Lane, kernel: Kernel, options: object, known: readonly string[]): void {
  const unknown = lane.kind === 'bare' ? unknownName(options, known) : undefined
  if (unknown === undefined) return
  const text = `A job of this kind has no option "${unknown}"; there are ${known.join(', ')}.`
  throw kernel.error('SCHEDULE_OPTION_INVALID', text)
}

const CRON_OPTIONS = ['name', 'missed', 'timezone', 'skipIfRunning', 'timeout']

function picked({ timezone, skipIfRunning, timeout, name, missed }: CronOptions): CronOptions {
  return { timezone, skipIfRunning, timeout, name, missed } as CronOptions
}

async function fire(id: string): Promise<void> {
  await handlers.get(id)?.()
}

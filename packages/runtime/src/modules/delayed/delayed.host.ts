import type { HostContext, HostModule } from '../../module/define-module.ts'
import {
  DELAYED_ARM,
  DELAYED_CANCEL,
  DELAYED_LIST,
  type DelayedSetup,
  type DelayedTasks,
} from './delayed.contract.ts'

/** The specification's default of `runtime.workerPoolSize`. */
const POOL_SIZE = 10
/** A service that computes longer than this while it is disarmed is cut off by its limits anyway. */
const ENTER_MS = 8_000
/** A person waits for the answer. */
const ASK_MS = 3_000
const NO_TASKS: DelayedTasks = { waiting: 0, running: 0, tasks: [] }

/** Tasks live inside; the host says when they may begin. */
export function createDelayedHost(context: HostContext): HostModule {
  const used = context.mentions('delayed')
  const tell = async (armed: boolean) => {
    if (used) await context.enter(DELAYED_ARM, [armed], { timeoutMs: ENTER_MS })
  }
  const { workerPoolSize } = context.settings
  const setup: DelayedSetup = {
    poolSize: typeof workerPoolSize === 'number' && workerPoolSize >= 1 ? workerPoolSize : POOL_SIZE,
    maxWaiting: context.limits.delayedQueue,
  }
  const ask = (event: string, args: readonly unknown[]) => context.enter(event, args, { timeoutMs: ASK_MS })
  const controls = {
    list: () => (used ? ask(DELAYED_LIST, []) : NO_TASKS),
    cancel: ([id]: readonly unknown[]) => used && ask(DELAYED_CANCEL, [String(id)]),
  }
  return { calls: {}, controls, bootData: () => setup, arm: () => tell(true), disarm: () => tell(false) }
}

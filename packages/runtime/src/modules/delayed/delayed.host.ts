import type { HostContext, HostModule } from '../../module/define-module.ts'
import { DELAYED_ARM, type DelayedSetup } from './delayed.contract.ts'

/** The specification's default of `runtime.workerPoolSize`. */
const POOL_SIZE = 10
/** A service that computes longer than this while it is disarmed is cut off by its limits anyway. */
const ENTER_MS = 8_000

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
  return { calls: {}, bootData: () => setup, arm: () => tell(true), disarm: () => tell(false) }
}

import type { HostContext, HostModule } from '../../module/define-module.ts'
import { MAX_SLEEP_MS } from './utils.contract.ts'

/** Time for the `$` spelling: the isolate stands still, so the host has to count. */
export function createUtilsHost({ clock }: HostContext): HostModule {
  return {
    calls: {
      sleep: ([ms], { signal }) =>
        new Promise<void>((resolve) => {
          const delayMs = Math.min(Math.max(0, Number(ms) || 0), MAX_SLEEP_MS)
          const stop = clock.after(delayMs, done)
          function done(): void {
            stop()
            signal.removeEventListener('abort', done)
            resolve()
          }
          signal.addEventListener('abort', done, { once: true })
        }),
    },
  }
}

import type { Clock } from '@m3m/base'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import { sameSource } from './live-run.ts'
import type { RunReason } from './runs.schema.ts'

/** architecture.md, Black box: a suspect shares a process again after 10 clean minutes. */
const CLEAN_MS = 10 * 60_000

/** Keeps a version alone that may have ended the process it shared with others. */
export function createQuarantine(clock: Clock) {
  let held: { source: CodeSource; reason: RunReason } | null = null
  let cancel: (() => void) | null = null
  const pause = (): void => {
    cancel?.()
    cancel = null
  }
  return {
    /** From now on this version has a process of its own. */
    begin(source: CodeSource, reason: RunReason): void {
      pause()
      held = { source, reason }
    },
    /** Why this version has to be alone; null when it need not. Another version is not what was suspected. */
    reasonFor(source: CodeSource): RunReason | null {
      return held && sameSource(held.source, source) ? held.reason : null
    },
    /** A run of it begins: `clean` is called when it has run for 10 minutes. */
    watch(clean: () => void): void {
      pause()
      cancel = clock.after(CLEAN_MS, () => {
        cancel = null
        clean()
      })
    },
    /** The run has ended: the minutes begin anew with the next one. */
    pause,
    end(): void {
      pause()
      held = null
    },
  }
}

export type Quarantine = ReturnType<typeof createQuarantine>

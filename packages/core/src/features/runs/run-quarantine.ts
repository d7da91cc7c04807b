import type { Clock } from '@m3m/base'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import { sameSource } from './live-run.ts'
import type { RunReason } from './runs.schema.ts'

/** architecture.md, Black box: a suspect shares a process again after 10 clean minutes. */
const CLEAN_MS = 10 * 60_000
/** Two innocents may be suspected with the guilty one, but hardly twice: who is caught so often never shares again. */
const CAUGHT_FOR_GOOD = 2

/** A version that may have ended a process it shared. Survives the agent (runs.repo.ts). */
export interface Suspicion {
  source: CodeSource
  reason: RunReason
  /** How often: {@link CAUGHT_FOR_GOOD} at once where there is no doubt. */
  times: number
  /** It had its clean minutes and shares again; what it was suspected of is remembered. */
  isFree: boolean
}

export interface QuarantineOptions {
  clock: Clock
  /** What an agent before this one knew. */
  known: Suspicion | null
  /** Writes it down. */
  keep(suspicion: Suspicion | null): void
}

/** Keeps a version alone that may have ended the process it shared with others. */
export function createQuarantine({ clock, known, keep }: QuarantineOptions) {
  let held = known
  let cancel: (() => void) | null = null
  const hold = (next: Suspicion | null): void => {
    if (next === held) return
    held = next
    keep(next)
  }
  const pause = (): void => {
    cancel?.()
    cancel = null
  }
  const of = (source: CodeSource): Suspicion | null => (held && sameSource(held.source, source) ? held : null)
  return {
    /** From now on this version has a process of its own. `isCertain`: it was seen to be the cause. */
    begin(source: CodeSource, reason: RunReason, isCertain = false): void {
      pause()
      const times = isCertain ? CAUGHT_FOR_GOOD : (of(source)?.times ?? 0) + 1
      hold({ source, reason, times, isFree: false })
    },
    /** Why this version has to be alone; null when it need not. Another version is not what was suspected. */
    reasonFor(source: CodeSource): RunReason | null {
      const suspicion = of(source)
      return suspicion && !suspicion.isFree ? suspicion.reason : null
    },
    /** A run of it begins: `clean` is called when it has run for 10 minutes, unless it was caught too often. */
    watch(clean: () => void): void {
      pause()
      if (held && held.times >= CAUGHT_FOR_GOOD) return
      cancel = clock.after(CLEAN_MS, () => {
        cancel = null
        clean()
      })
    },
    /** The run has ended: the minutes begin anew with the next one. */
    pause,
    /** It may share again. */
    release(): void {
      pause()
      if (held) hold({ ...held, isFree: true })
    },
    /** Sharing failed: it goes on alone, and has done nothing new. */
    resume(): void {
      if (held) hold({ ...held, isFree: false })
    },
    /** A release runs that is not alone: of another version there is nothing more to remember. */
    shares(source: CodeSource): void {
      pause()
      if (!of(source)) hold(null)
    },
  }
}

export type Quarantine = ReturnType<typeof createQuarantine>

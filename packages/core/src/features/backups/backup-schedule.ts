import type { Clock } from '@m3m/base'
import type { BackupSettings } from './backups.schema.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** The next time of day after `nowMs`; `null` when none is set. */
export function nextBackupAt({ daily }: BackupSettings, nowMs: number): number | null {
  if (daily === null) return null
  const [hours = 0, minutes = 0] = daily.split(':').map(Number)
  const at = Math.floor(nowMs / DAY_MS) * DAY_MS + (hours * 60 + minutes) * MINUTE_MS
  return at > nowMs ? at : at + DAY_MS
}

interface ScheduleDeps {
  clock: Clock
  settings(): BackupSettings
  /** Never rejects. */
  run(): Promise<void>
}

/**
 * Calls `run` at the time of the settings, each day. The time is looked at every minute, so that a machine that slept
 * or a clock that was set does not shift it; a day that was slept through is made up for.
 */
export function createBackupSchedule({ clock, settings, run }: ScheduleDeps): Disposable & { start(): void } {
  let cancel = () => {}
  let isOver = false
  let lookedAt = clock.now()

  function again(): void {
    if (isOver) return
    cancel = clock.after(MINUTE_MS, () => {
      const due = nextBackupAt(settings(), lookedAt)
      lookedAt = clock.now()
      void (due !== null && due <= lookedAt ? run() : Promise.resolve()).then(again)
    })
  }

  return {
    start() {
      lookedAt = clock.now()
      again()
    },
    [Symbol.dispose]() {
      isOver = true
      cancel()
    },
  }
}

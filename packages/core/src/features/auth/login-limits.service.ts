import type { Clock } from '@m3m/base'
import { authErrors } from './auth.errors.ts'

/**
 * Failed sign-ins before waiting begins. A person mistypes a few times; a household or office behind one
 * address mistypes more often (OWASP ASVS 5.0, 6.3.1: limit by account, and by address against spraying).
 */
const FREE_FAILURES = { account: 5, address: 20 } as const
/** The longest wait: long enough to make guessing hopeless, short enough that nobody can lock another out for a day. */
const MAX_WAIT_MS = 15 * 60_000
/** Failures are forgotten after an hour without another. */
const FORGET_MS = 60 * 60_000
/** Entries kept; the one untouched for longest goes first. A flood of invented names cannot fill the memory. */
const MAX_ENTRIES = 10_000

interface Failures {
  count: number
  lastAt: number
}

/** One attempt to sign in, already counted as failed: parallel guesses gain nothing. */
export interface LoginAttempt {
  succeeded(): void
}

/** Slows guessing, by account and by address: after the free ones each failure doubles the wait. */
export function createLoginLimits(clock: Clock) {
  const failures = new Map<string, Failures>()

  function waitMs(key: string, free: number): number {
    const entry = failures.get(key)
    if (!entry || entry.count < free) return 0
    const wait = Math.min(1_000 * 2 ** (entry.count - free), MAX_WAIT_MS)
    // A clock that was set back makes nobody wait longer than that.
    return Math.min(wait, Math.max(0, entry.lastAt + wait - clock.now()))
  }

  function count(key: string): void {
    const entry = failures.get(key)
    const now = clock.now()
    const before = entry && now - entry.lastAt < FORGET_MS ? entry.count : 0
    failures.delete(key)
    failures.set(key, { count: before + 1, lastAt: now })
    if (failures.size > MAX_ENTRIES) failures.delete(failures.keys().next().value!)
  }

  function undo(key: string): void {
    const entry = failures.get(key)
    if (entry) entry.count = Math.max(0, entry.count - 1)
  }

  return {
    /** @throws AUTH_TOO_MANY_ATTEMPTS while the account or the address has to wait */
    begin(email: string, address: string): LoginAttempt {
      const keys = { account: `account:${email}`, address: `address:${address}` }
      const wait = Math.max(
        waitMs(keys.account, FREE_FAILURES.account),
        waitMs(keys.address, FREE_FAILURES.address),
      )
      if (wait > 0) throw authErrors.AUTH_TOO_MANY_ATTEMPTS({ seconds: Math.ceil(wait / 1_000) })
      count(keys.account)
      count(keys.address)
      return {
        succeeded() {
          failures.delete(keys.account)
          undo(keys.address)
        },
      }
    },
    /** A password was set anew: the account begins afresh. */
    forget(email: string): void {
      failures.delete(`account:${email}`)
    },
    size: () => failures.size,
  }
}

export type LoginLimits = ReturnType<typeof createLoginLimits>

import { hash, verify } from '@node-rs/argon2'
import type { Passwords } from '@m3m/core'

/** Argon2id (2 in the package's const enum) with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet, the first of its equal choices. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashes in libuv's thread pool, so that a sign-in (about 30 ms of one core) does not hold up anything else. */
export function createPasswords(): Passwords {
  return {
    hash: (password) => hash(password, OPTIONS),
    verify: async (stored, password) => {
      try {
        return await verify(stored, password)
      } catch {
        // Not a hash of this kind: it fits no password.
        return false
      }
    },
  }
}

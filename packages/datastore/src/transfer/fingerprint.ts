import { createHash } from 'node:crypto'

/** What two copies of a collection must have in common: the count, and a hash that no order changes. */
export interface Fingerprint {
  documents: number
  /** Sum of the documents' SHA-256, cut to 128 bits, as hex. */
  hash: string
}

/** Collects a fingerprint document by document. */
interface Fingerprinter {
  add(raw: Uint8Array): void
  result(): Fingerprint
}

const MASK = (1n << 128n) - 1n

export function createFingerprinter(): Fingerprinter {
  let documents = 0
  let sum = 0n
  return {
    add(raw) {
      documents++
      const digest = createHash('sha256').update(raw).digest()
      sum = (sum + (digest.readBigUInt64BE(0) << 64n) + digest.readBigUInt64BE(8)) & MASK
    },
    result: () => ({ documents, hash: sum.toString(16).padStart(32, '0') }),
  }
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.documents === b.documents && a.hash === b.hash
}

/** Name of a collection that two databases do not have in common; null when they are the same. */
export function firstDifference(
  a: Readonly<Record<string, Fingerprint>>,
  b: Readonly<Record<string, Fingerprint>>,
): string | null {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return names.find((name) => !a[name] || !b[name] || !sameFingerprint(a[name], b[name])) ?? null
}

import { md5, sha1 } from './legacy.ts'
import { sha256, sha384, sha512 } from './sha2.ts'

type Hash = (message: Uint8Array) => Uint8Array

/** Every hash by its name, with the size of its blocks. */
export const hashes: Readonly<Record<string, { hash: Hash; blockBytes: number }>> = {
  md5: { hash: md5, blockBytes: 64 },
  sha1: { hash: sha1, blockBytes: 64 },
  sha256: { hash: sha256, blockBytes: 64 },
  sha384: { hash: sha384, blockBytes: 128 },
  sha512: { hash: sha512, blockBytes: 128 },
}

/** The hash an author means by `sha256`, `SHA-256`, `Sha256`; null when there is none. */
export function hashNamed(name: unknown): { hash: Hash; blockBytes: number } | null {
  const key = String(name).toLowerCase().replace('-', '')
  return Object.hasOwn(hashes, key) ? hashes[key]! : null
}

/** RFC 2104. */
export function hmac(
  { hash, blockBytes }: { hash: Hash; blockBytes: number },
  key: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  const short = key.length > blockBytes ? hash(key) : key
  const inner = new Uint8Array(blockBytes + data.length)
  const outer = new Uint8Array(blockBytes)
  inner.fill(0x36, 0, blockBytes)
  outer.fill(0x5c)
  for (let i = 0; i < short.length; i++) {
    inner[i]! ^= short[i]!
    outer[i]! ^= short[i]!
  }
  inner.set(data, blockBytes)
  const digest = hash(inner)
  const all = new Uint8Array(blockBytes + digest.length)
  all.set(outer)
  all.set(digest, blockBytes)
  return hash(all)
}

/** True when both are the same, in a time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i % (b.length || 1)] ?? 0)
  return difference === 0
}

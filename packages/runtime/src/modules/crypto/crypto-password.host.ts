import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

// OWASP Password Storage Cheat Sheet (2024), the least memory it allows: scrypt with N = 2^14, r = 8, p = 5. 16 MB
// for 0.2 s: a runner's cap bears that. They are done in turns (heavy-work.host.ts).
const COST = { N: 2 ** 14, r: 8, p: 5 }
const KEY_BYTES = 32
const SALT_BYTES = 16

const derive = promisify<string, Uint8Array, number, object, Buffer>(scrypt)
const FORM = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** `$scrypt$ln=14,r=8,p=5$salt$hash` (PHC string format). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password.normalize('NFKC'), salt, KEY_BYTES, options(COST))
  return `$scrypt$ln=${Math.log2(COST.N)},r=${COST.r},p=${COST.p}$${bare(salt)}$${bare(hash)}`
}

/** False for a wrong password and for what is no hash of {@link hashPassword}. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const match = FORM.exec(stored)
  if (!match) return false
  const cost = { N: 2 ** Number(match[1]), r: Number(match[2]), p: Number(match[3]) }
  // A hash from outside must not choose how much work it makes.
  if (cost.N > COST.N || cost.r > COST.r || cost.p > COST.p) return false
  const expected = Buffer.from(match[5]!, 'base64')
  const salt = Buffer.from(match[4]!, 'base64')
  const hash = await derive(password.normalize('NFKC'), salt, expected.length, options(cost))
  return timingSafeEqual(hash, expected)
}

function options(cost: typeof COST): object {
  return { ...cost, maxmem: 130 * cost.N * cost.r + 1024 * 1024 }
}

function bare(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

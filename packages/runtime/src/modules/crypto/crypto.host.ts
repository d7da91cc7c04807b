import { randomBytes } from 'node:crypto'
import type { HostContext, HostModule } from '../../module/define-module.ts'
import type { CryptoBoot } from './crypto.contract.ts'
import { decrypt, encrypt, generateKey, isPassphrase } from './crypto-encrypt.host.ts'
import { jwtDecode, jwtSign, jwtVerify } from './crypto-jwt.host.ts'
import { hashPassword, verifyPassword } from './crypto-password.host.ts'
import { generateKeyPair, sign, verify } from './crypto-sign.host.ts'
import { runSubtle } from './crypto-subtle.host.ts'
import { createHeavyWork } from './heavy-work.host.ts'

/** Entropy for the isolate, and what needs node:crypto. Nothing here knows the project: keys come with the call. */
export function createCryptoHost({ clock }: HostContext): HostModule {
  const heavy = createHeavyWork()
  /** A key is at hand; a passphrase has to be stretched first. */
  const keyed = <T>(key: unknown, work: () => Promise<T>, signal: AbortSignal): Promise<T> =>
    isPassphrase(key) ? heavy(work, signal) : work()
  return {
    bootData: () => ({ seed: randomBytes(32).toString('hex') }) satisfies CryptoBoot,
    calls: {
      hashPassword: ([password], { signal }) => heavy(() => hashPassword(String(password)), signal),
      verifyPassword: ([password, hash], { signal }) =>
        heavy(() => verifyPassword(String(password), String(hash)), signal),
      encrypt: ([data, key], { signal }) => keyed(key, () => encrypt(data, key), signal),
      decrypt: ([text, key, options], { signal }) => keyed(key, () => decrypt(text, key, options), signal),
      generateKey,
      generateKeyPair: ([type], { signal }) => heavy(async () => await generateKeyPair(type), signal),
      sign: ([data, key, algorithm]) => sign(data, key, algorithm),
      verify: ([data, signature, key, algorithm]) => verify(data, signature, key, algorithm),
      jwtSign: ([payload, key, options]) => jwtSign(payload, key, options, clock.now()),
      jwtVerify: ([token, key, options]) => jwtVerify(token, key, options, clock.now()),
      jwtDecode: ([token]) => jwtDecode(token),
      subtle: (args, { signal }) => runSubtle(args, heavy, signal),
    },
  }
}

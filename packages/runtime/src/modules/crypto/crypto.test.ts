import { createHmac } from 'node:crypto'
import { ManualClock } from '@m3m/base'
import { describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'
import { decrypt, encrypt, generateKey } from './crypto-encrypt.host.ts'
import { jwtSign, jwtVerify } from './crypto-jwt.host.ts'
import { hashPassword, verifyPassword } from './crypto-password.host.ts'
import { generateKeyPair, sign, verify } from './crypto-sign.host.ts'

describeRoom('crypto')

const code = async (work: () => unknown): Promise<unknown> => {
  try {
    await work()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return 'no error'
}

describe('encryption', () => {
  it('brings text and bytes back, with key and with passphrase', async () => {
    for (const key of [generateKey(), new Uint8Array(32).fill(7), 'a passphrase']) {
      expect(await decrypt(await encrypt('привет', key), key, undefined)).toBe('привет')
      const bytes = new Uint8Array([0, 255, 128])
      expect(
        Buffer.from((await decrypt(await encrypt(bytes, key), key, { as: 'bytes' })) as Uint8Array),
      ).toEqual(Buffer.from(bytes))
    }
    const key = generateKey()
    expect(await encrypt('x', key)).not.toBe(await encrypt('x', key))
  })

  it('refuses every changed bit, wrong keys and strange texts', async () => {
    const key = generateKey()
    const text = await encrypt('secret', key)
    const bytes = Buffer.from(text.slice(3), 'base64url')
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes)
      changed[i]! ^= 1
      const call = () => decrypt(`k1.${changed.toString('base64url')}`, key, undefined)
      expect(await code(call)).toBe('CRYPTO_DECRYPT_FAILED')
    }
    for (const wrong of ['', 'k1.', 'k1.AAAA', 'p1.AAAA', 'x']) {
      expect(await code(() => decrypt(wrong, key, undefined))).toBe('CRYPTO_DECRYPT_FAILED')
    }
    expect(await code(() => decrypt(text, generateKey(), undefined))).toBe('CRYPTO_DECRYPT_FAILED')
    expect(await code(() => decrypt(text, 'a passphrase', undefined))).toBe('CRYPTO_DECRYPT_FAILED')
    for (const bad of ['short', 7, undefined, new Uint8Array(31)]) {
      expect(await code(() => encrypt('x', bad))).toBe('CRYPTO_KEY_INVALID')
    }
  })
})

describe('passwords', () => {
  it('are verified, and hashes from outside do not choose the work', async () => {
    const hash = await hashPassword('p\u0061\u0308ss')
    expect(await verifyPassword('p\u00e4ss', hash)).toBe(true)
    expect(await verifyPassword('pass', hash)).toBe(false)
    expect(await verifyPassword('x', 'plain')).toBe(false)
    expect(await verifyPassword('x', hash.replace('ln=14', 'ln=24'))).toBe(false)
  })
})

describe('signatures', () => {
  it('hold for every algorithm and for nothing else', async () => {
    const ed = await generateKeyPair()
    const rsa = await generateKeyPair('rsa')
    for (const [pair, algorithms] of [
      [ed, [undefined]],
      [rsa, [undefined, 'rsa-sha512', 'rsa-pss-sha256']],
    ] as const) {
      for (const algorithm of algorithms) {
        const signature = sign('text', pair.privateKey, algorithm)
        expect(verify('text', signature, pair.publicKey, algorithm)).toBe(true)
        expect(verify('other', signature, pair.publicKey, algorithm)).toBe(false)
        expect(verify('text', 'AAAA', pair.publicKey, algorithm)).toBe(false)
      }
    }
    expect(await code(() => sign('x', 'no key'))).toBe('CRYPTO_KEY_INVALID')
    expect(await code(() => sign('x', ed.privateKey, 'rsa-sha256'))).toBe('CRYPTO_KEY_INVALID')
    expect(await code(() => sign('x', ed.privateKey, 'md5'))).toBe('CRYPTO_ALGORITHM_UNKNOWN')
    expect(await code(() => generateKeyPair('dsa'))).toBe('CRYPTO_ALGORITHM_UNKNOWN')
  })
})

describe('tokens', () => {
  const now = Date.UTC(2026, 0, 1)

  it('are signed and verified by every algorithm', async () => {
    const ed = await generateKeyPair()
    const token = jwtSign(
      { a: 1 },
      ed.privateKey,
      { algorithm: 'EdDSA', expiresIn: 1000, issuer: 'me', audience: 'you', subject: 's' },
      now,
    )
    const checks = { algorithm: 'EdDSA', issuer: 'me', audience: 'you', subject: 's' }
    expect(jwtVerify(token, ed.publicKey, checks, now)).toMatchObject({ a: 1, iss: 'me', iat: now / 1000 })
    for (const algorithm of ['HS256', 'HS384', 'HS512']) {
      expect(
        jwtVerify(jwtSign({ a: 1 }, 'key', { algorithm }, now), 'key', { algorithm }, now),
      ).toMatchObject({ a: 1 })
    }
    for (const wrong of [{ issuer: 'x' }, { audience: 'x' }, { subject: 'x' }]) {
      expect(await code(() => jwtVerify(token, ed.publicKey, { algorithm: 'EdDSA', ...wrong }, now))).toBe(
        'CRYPTO_TOKEN_INVALID',
      )
    }
  })

  it('expire and begin by the clock', async () => {
    const token = jwtSign({ nbf: now / 1000 + 10 }, 'key', { expiresIn: '1m' }, now)
    expect(await code(() => jwtVerify(token, 'key', {}, now))).toBe('CRYPTO_TOKEN_INVALID')
    expect(jwtVerify(token, 'key', { clockToleranceMs: 10_000 }, now)).toBeTruthy()
    expect(jwtVerify(token, 'key', {}, now + 59_999)).toBeTruthy()
    expect(await code(() => jwtVerify(token, 'key', {}, now + 60_000))).toBe('CRYPTO_TOKEN_INVALID')
  })

  it('cannot be forged by naming no algorithm, another one, or a public key as secret', async () => {
    const ed = await generateKeyPair()
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const none = `${part({ alg: 'none' })}.${part({ admin: true })}.`
    expect(await code(() => jwtVerify(none, 'key', {}, now))).toBe('CRYPTO_TOKEN_INVALID')
    const input = `${part({ alg: 'HS256' })}.${part({ admin: true })}`
    const confused = `${input}.${createHmac('sha256', ed.publicKey).update(input).digest('base64url')}`
    expect(await code(() => jwtVerify(confused, ed.publicKey, { algorithm: 'EdDSA' }, now))).toBe(
      'CRYPTO_TOKEN_INVALID',
    )
    expect(await code(() => jwtVerify(confused, ed.publicKey, {}, now))).toBe('CRYPTO_KEY_INVALID')
    for (const text of ['', 'a.b', 'a.b.c', `${part({})}.x.y`, 'x'.repeat(100_000)]) {
      expect(await code(() => jwtVerify(text, 'key', {}, now))).toBe('CRYPTO_TOKEN_INVALID')
    }
    expect(await code(() => jwtSign({}, 'key', { algorithm: 'none' }, now))).toBe('CRYPTO_ALGORITHM_UNKNOWN')
    expect(await code(() => jwtSign({}, 'key', { expiresIn: 'soon' }, now))).toBe('CRYPTO_OPTION_INVALID')
    expect(await code(() => jwtSign('text', 'key', {}, now))).toBe('CRYPTO_OPTION_INVALID')
    expect(await code(() => jwtSign({}, '', {}, now))).toBe('CRYPTO_KEY_INVALID')
  })
})

describe('in an isolate', () => {
  it('never hashes a password that was not given, and knows none', async () => {
    await using service = await openTestService({
      code: `
        router.get('/', async () => [
          ...await Promise.all([undefined, null, ''].map((none) => crypto.hashPassword(none).catch((error) => [error.code, error.message]))),
          await crypto.verifyPassword(undefined, await crypto.hashPassword('undefined')),
        ])`,
    })
    const refused = (given: string) => ['CRYPTO_PASSWORD_MISSING', expect.stringContaining(`it is ${given}.`)]
    expect((await service.get('/')).json).toEqual([
      refused('undefined'),
      refused('null'),
      refused('empty'),
      false,
    ])
  })

  it('never takes a secret that is not set for a secret', async () => {
    await using service = await openTestService({
      clock: new ManualClock(Date.now()),
      code: `
        const code = (call) => { try { return call() } catch (error) { return [error.code, error.message] } }
        router.get('/', () => [
          ...[null, undefined, '', new Uint8Array()].map((key) => code(() => crypto.hmac('sha256', key, 'body'))),
          code(() => $crypto.hmac('sha256', env.get('NOT_SET'), 'body')),
          crypto.timingSafeEqual('', env.get('NOT_SET')), crypto.timingSafeEqual(undefined, null),
          crypto.timingSafeEqual('', ''), crypto.timingSafeEqual('a', 'a'),
        ])`,
    })
    const refused = (given: string) => ['CRYPTO_KEY_INVALID', expect.stringContaining(`it is ${given};`)]
    expect((await service.get('/')).json).toEqual([
      refused('null'),
      refused('undefined'),
      refused('empty'),
      refused('empty'),
      refused('null'),
      false,
      false,
      true,
      true,
    ])
  })

  it('follows the original in the $ spelling and keeps its codes', async () => {
    await using service = await openTestService({
      clock: new ManualClock(Date.now()),
      code: `
        const code = (call) => { try { return call() } catch (error) { return error.code } }
        router.get('/', async () => [
          $crypto.md5(''), $crypto.sha256('ё'), $crypto.randomBytes(4).length, $crypto.randomBytes(0), $crypto.randomBytes(-1),
          code(() => crypto.randomBytes(65537)), code(() => crypto.md5('x', 'latin1')), code(() => crypto.hmac('sha3', 'k', 'd')),
          $crypto.verifyPassword('x', 'y'), code(() => $crypto.decrypt('x', 'a passphrase')),
          $crypto.jwt.verify($crypto.jwt.sign({ a: 1 }, 'k'), 'k').a,
          await crypto.decrypt(await crypto.encrypt(new Uint8Array([1, 2]), 'a passphrase'), 'a passphrase', { as: 'bytes' }).then((b) => b.length),
          await crypto.jwt.verify('x', 'k').catch((error) => error.code),
          crypto.timingSafeEqual('a', 'b'),
        ])`,
    })
    expect((await service.get('/')).json).toEqual([
      'd41d8cd98f00b204e9800998ecf8427e',
      expect.stringMatching(/^[0-9a-f]{64}$/),
      8,
      '',
      '',
      'CRYPTO_TOO_MANY_BYTES',
      'CRYPTO_ENCODING_UNKNOWN',
      'CRYPTO_ALGORITHM_UNKNOWN',
      false,
      'CRYPTO_DECRYPT_FAILED',
      1,
      2,
      'CRYPTO_TOKEN_INVALID',
      false,
    ])
  })

  it('gives every run its own randomness', async () => {
    const open = () => openTestService({ code: `router.get('/', () => crypto.uuid())` })
    await using one = await open()
    await using two = await open()
    expect((await one.get('/')).body).not.toBe((await two.get('/')).body)
  })

  it('hashes no object: all of them would have the hash of "[object Object]"', async () => {
    await using service = await openTestService({
      code: `const told = (call) => { try { return call() } catch (error) { return error.code } }
        router.post('/x', (ctx) => [
          told(() => crypto.sha256(ctx.body)), told(() => crypto.hmac('sha256', 'key', ctx.body)), told(() => crypto.sha256(() => 1)),
          told(() => crypto.sha256(ctx.rawBody) === crypto.sha256('{"a":1}')), told(() => crypto.sha256(new Uint8Array([97]).buffer) === crypto.sha256('a')),
          told(() => crypto.sha256(5) === crypto.sha256('5')), told(() => $crypto.sha256({}) === $crypto.sha256('[object Object]')),
        ])`,
    })
    const headers = ['Content-Type', 'application/json']
    expect((await service.request('POST', '/x', { headers, body: '{"a":1}' })).json).toEqual([
      ...Array(3).fill('CRYPTO_DATA_INVALID'),
      ...Array(4).fill(true),
    ])
  })
})

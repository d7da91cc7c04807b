import { expect, test } from 'vitest'
import { openTestService } from '../../module/testing.ts'

async function run(code: string): Promise<unknown> {
  await using service = await openTestService({
    code: `const { subtle } = crypto, bytes = (text) => new TextEncoder().encode(text), text = (buffer) => new TextDecoder().decode(buffer)
      const name = async (call) => { try { await call(); return 'done' } catch (error) { return error.name } }
      router.get('/', async () => { ${code} })`,
  })
  return (await service.get('/')).json
}

test('a token is signed by hand and its signature checked by the module', async () => {
  expect(
    await run(`
      const b64 = (data) => (typeof data === 'string' ? bytes(data) : new Uint8Array(data)).toBase64({ alphabet: 'base64url', omitPadding: true })
      const key = await subtle.importKey('raw', bytes('s'.repeat(32)), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
      const head = b64(JSON.stringify({ alg: 'HS256', typ: 'JWT' })) + '.' + b64(JSON.stringify({ sub: 'ann' }))
      const token = head + '.' + b64(await subtle.sign('HMAC', key, bytes(head)))
      return [(await crypto.jwt.verify(token, 's'.repeat(32))).sub, key.extractable, key.usages, key.algorithm.hash.name]`),
  ).toEqual(['ann', false, ['sign'], 'SHA-256'])
})

test.for([
  [
    'AES-GCM',
    `const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']), iv = crypto.getRandomValues(new Uint8Array(12))
     const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytes('a') }, key, bytes('hi')); return [text(await subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bytes('a') }, key, sealed)), await name(() => subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed))]`,
    ['hi', 'OperationError'],
  ],
  [
    'ECDSA',
    `const { publicKey, privateKey } = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']); const made = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytes('x'))
     const jwk = await subtle.exportKey('jwk', publicKey), again = await subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']); return [await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, again, made, bytes('x')), jwk.crv, await name(() => subtle.exportKey('pkcs8', privateKey))]`,
    [true, 'P-256', 'InvalidAccessError'],
  ],
  [
    'ECDH and HKDF',
    `const make = () => subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']), [a, b] = [await make(), await make()]
     const shared = async (mine, other) => new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: other.publicKey }, mine.privateKey, 256)).toHex()
     const root = await subtle.importKey('raw', bytes('root'), 'HKDF', false, ['deriveKey']), key = await subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: bytes('s'), info: bytes('i') }, root, { name: 'AES-CBC', length: 128 }, true, ['encrypt'])
     return [(await shared(a, b)) === (await shared(b, a)), (await subtle.exportKey('raw', key)).byteLength, key.algorithm.name]`,
    [true, 16, 'AES-CBC'],
  ],
  [
    'PBKDF2',
    `const key = await subtle.importKey('raw', bytes('password'), 'PBKDF2', false, ['deriveBits']); return [new Uint8Array(await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-1', salt: bytes('salt'), iterations: 2 }, key, 160)).toHex()]`,
    ['ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957'],
  ],
  [
    'Ed25519 and RSA',
    `const ed = await subtle.generateKey('Ed25519', true, ['sign', 'verify']), rsa = await subtle.generateKey({ name: 'RSA-OAEP', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }, true, ['encrypt', 'decrypt'])
     return [await subtle.verify('Ed25519', ed.publicKey, await subtle.sign('Ed25519', ed.privateKey, bytes('m')), bytes('m')), text(await subtle.decrypt('RSA-OAEP', rsa.privateKey, await subtle.encrypt('RSA-OAEP', rsa.publicKey, bytes('r')))), rsa.publicKey.algorithm.publicExponent instanceof Uint8Array]`,
    [true, 'r', true],
  ],
  [
    'keys wrapped by keys',
    `const by = await subtle.generateKey({ name: 'AES-KW', length: 256 }, false, ['wrapKey', 'unwrapKey']), key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt'])
     const wrapped = await subtle.wrapKey('raw', key, by, 'AES-KW'), again = await subtle.unwrapKey('raw', wrapped, by, 'AES-KW', 'AES-GCM', true, ['encrypt']); return new Uint8Array(await subtle.exportKey('raw', key)).toHex() === new Uint8Array(await subtle.exportKey('raw', again)).toHex()`,
    true,
  ],
  [
    'what is refused',
    `const mac = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign'])
     return [await name(() => subtle.digest('MD5', bytes(''))), await name(() => subtle.digest('SHA-256', 'text')), await name(() => subtle.verify('HMAC', mac, bytes('x'), bytes('x'))), await name(() => subtle.sign('HMAC', {}, bytes('x'))), await name(() => subtle.importKey('raw', bytes('x'), { name: 'HMAC', hash: 'SHA-256' }, true, [])),
       await name(() => crypto.getRandomValues(new Float64Array(1))), await name(() => crypto.getRandomValues(new Uint8Array(65537))), await name(() => new CryptoKey()), String(mac), mac instanceof CryptoKey, structuredClone(mac).algorithm.name, subtle instanceof SubtleCrypto]`,
    [
      'NotSupportedError',
      'TypeError',
      'InvalidAccessError',
      'TypeError',
      'SyntaxError',
      'TypeMismatchError',
      'QuotaExceededError',
      'TypeError',
      '[object CryptoKey]',
      true,
      'HMAC',
      true,
    ],
  ],
] as const)('%s', async ([, code, expected]) => {
  expect(await run(code)).toEqual(expected)
})

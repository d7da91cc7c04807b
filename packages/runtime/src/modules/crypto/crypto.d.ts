// oxlint-disable typescript/no-explicit-any -- the web's own types
/** A key of Web Cryptography. */
declare class CryptoKey {
  private constructor()
  readonly type: 'secret' | 'public' | 'private'
  readonly extractable: boolean
  readonly algorithm: { name: string; [member: string]: any }
  readonly usages: string[]
}
type AlgorithmName = string | { name: string; [member: string]: any }
interface CryptoKeyPair {
  publicKey: CryptoKey
  privateKey: CryptoKey
}
/** Web Cryptography. What it refuses is a DOMException, or a TypeError for what is no bytes. */
declare class SubtleCrypto {
  private constructor()
  digest(algorithm: AlgorithmName, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>
  generateKey(algorithm: AlgorithmName, extractable: boolean, usages: string[]): Promise<any>
  importKey(
    format: 'raw' | 'pkcs8' | 'spki',
    keyData: ArrayBuffer | ArrayBufferView,
    algorithm: AlgorithmName,
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKey>
  importKey(
    format: 'jwk',
    keyData: object,
    algorithm: AlgorithmName,
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKey>
  exportKey(format: 'jwk', key: CryptoKey): Promise<Record<string, any>>
  exportKey(format: 'raw' | 'pkcs8' | 'spki', key: CryptoKey): Promise<ArrayBuffer>
  sign(algorithm: AlgorithmName, key: CryptoKey, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>
  verify(
    algorithm: AlgorithmName,
    key: CryptoKey,
    signature: ArrayBuffer | ArrayBufferView,
    data: ArrayBuffer | ArrayBufferView,
  ): Promise<boolean>
  encrypt(algorithm: AlgorithmName, key: CryptoKey, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>
  decrypt(algorithm: AlgorithmName, key: CryptoKey, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>
  deriveBits(algorithm: AlgorithmName, key: CryptoKey, length?: number | null): Promise<ArrayBuffer>
  deriveKey(
    algorithm: AlgorithmName,
    key: CryptoKey,
    derived: AlgorithmName,
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKey>
  wrapKey(
    format: string,
    key: CryptoKey,
    wrappingKey: CryptoKey,
    algorithm: AlgorithmName,
  ): Promise<ArrayBuffer>
  unwrapKey(
    format: string,
    wrapped: ArrayBuffer | ArrayBufferView,
    unwrappingKey: CryptoKey,
    algorithm: AlgorithmName,
    keyAlgorithm: AlgorithmName,
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKey>
}
/** What browsers call `crypto`; the global of that name is the module. */
declare class Crypto {
  private constructor()
}

/** How bytes come back: text, or the bytes themselves. */
type CryptoEncoding = 'hex' | 'base64' | 'base64url'

/** Hashes, randomness, passwords, encryption, signatures, tokens; also what browsers call `crypto`. */
interface CryptoModule {
  /** MD5 of the UTF-8 bytes (or of bytes). For old protocols only. */
  md5(data: string | Uint8Array, encoding?: CryptoEncoding): string
  md5(data: string | Uint8Array, encoding: 'bytes'): Uint8Array
  /** SHA-1 of the UTF-8 bytes (or of bytes). For old protocols only. */
  sha1(data: string | Uint8Array, encoding?: CryptoEncoding): string
  sha1(data: string | Uint8Array, encoding: 'bytes'): Uint8Array
  /** SHA-256 of the UTF-8 bytes (or of bytes), lower-case hex unless another encoding is named. */
  sha256(data: string | Uint8Array, encoding?: CryptoEncoding): string
  sha256(data: string | Uint8Array, encoding: 'bytes'): Uint8Array
  /** SHA-384. */
  sha384(data: string | Uint8Array, encoding?: CryptoEncoding): string
  sha384(data: string | Uint8Array, encoding: 'bytes'): Uint8Array
  /** SHA-512. */
  sha512(data: string | Uint8Array, encoding?: CryptoEncoding): string
  sha512(data: string | Uint8Array, encoding: 'bytes'): Uint8Array
  /**
   * A keyed hash (RFC 2104), for checking webhooks.
   * @param algorithm `'md5'`, `'sha1'`, `'sha256'`, `'sha384'` or `'sha512'`.
   * @throws CRYPTO_ALGORITHM_UNKNOWN; CRYPTO_KEY_INVALID for a key that is empty, null or undefined.
   */
  hmac(
    algorithm: string,
    key: string | Uint8Array,
    data: string | Uint8Array,
    encoding?: CryptoEncoding,
  ): string
  hmac(algorithm: string, key: string | Uint8Array, data: string | Uint8Array, encoding: 'bytes'): Uint8Array
  /**
   * Whether both are the same, in a time that tells nothing of where they differ. Use it for secrets and signatures.
   * False when one of them is null or undefined, also when both are.
   */
  timingSafeEqual(
    one: string | Uint8Array | null | undefined,
    other: string | Uint8Array | null | undefined,
  ): boolean
  /**
   * Unpredictable bytes, as lower-case hex unless another encoding is named; `''` for 0 or less.
   * @throws CRYPTO_TOO_MANY_BYTES beyond 65,536.
   */
  randomBytes(count: number, encoding?: CryptoEncoding): string
  randomBytes(count: number, encoding: 'bytes'): Uint8Array
  /** An unpredictable integer from `min` (inclusive, default 0) to `max` (exclusive). */
  randomInt(min: number, max: number): number
  randomInt(max: number): number
  /** A random UUID of version 4. */
  uuid(): string
  /** As `uuid`, by the name of the web. */
  randomUUID(): string
  /** Fills a typed array with unpredictable bytes, at most 65,536. */
  getRandomValues<T extends ArrayBufferView>(into: T): T
  /** Web Cryptography: HMAC, AES, RSA, ECDSA, ECDH, Ed25519, X25519, HKDF, PBKDF2. Always promises. */
  readonly subtle: SubtleCrypto
  /**
   * A hash to store instead of a password (scrypt, memory-hard, with its own salt). Takes about 0.2 s.
   * @throws CRYPTO_PASSWORD_MISSING for an empty one, `undefined` and `null`
   */
  hashPassword(password: string): Promise<string>
  /** Whether the password belongs to the hash; false for what is no hash. */
  verifyPassword(password: string, hash: string): Promise<boolean>
  /**
   * Encrypts with AES-256-GCM; the text that comes back holds all that `decrypt` needs but the key.
   * @param key 32 bytes, their 64 hex digits (`generateKey`), or a passphrase of at least 8 characters.
   * @throws CRYPTO_KEY_INVALID
   */
  encrypt(data: string | Uint8Array, key: string | Uint8Array): Promise<string>
  /**
   * The text again.
   * @param options `{ as: 'bytes' }` gives bytes instead.
   * @throws CRYPTO_DECRYPT_FAILED when the key is wrong or the text was changed; CRYPTO_KEY_INVALID
   */
  decrypt(text: string, key: string | Uint8Array): Promise<string>
  decrypt(text: string, key: string | Uint8Array, options: { as: 'bytes' }): Promise<Uint8Array>
  /** A key for `encrypt`: 64 hex digits. Keep it in the environment as a secret. */
  generateKey(): Promise<string>
  /** A pair of keys for `sign` and `verify` as PEM: `'ed25519'` (default) or `'rsa'` (3072 bits, takes about a second). */
  generateKeyPair(type?: 'ed25519' | 'rsa'): Promise<{ publicKey: string; privateKey: string }>
  /**
   * A signature in base64url.
   * @param privateKey PEM.
   * @param algorithm `'ed25519'`, `'rsa-sha256'`, `'rsa-sha512'`, `'rsa-pss-sha256'`; by default what fits the key.
   * @throws CRYPTO_KEY_INVALID, CRYPTO_ALGORITHM_UNKNOWN
   */
  sign(data: string | Uint8Array, privateKey: string, algorithm?: string): Promise<string>
  /** Whether the signature is right. @throws CRYPTO_KEY_INVALID, CRYPTO_ALGORITHM_UNKNOWN */
  verify(
    data: string | Uint8Array,
    signature: string,
    publicKey: string,
    algorithm?: string,
  ): Promise<boolean>
  /** JSON web tokens (RFC 7519): HS256 (default), HS384, HS512, RS256, RS384, RS512, EdDSA. */
  readonly jwt: {
    /**
     * Signs claims; `iat` is added.
     * @param options `expiresIn` in milliseconds or as `'15m'`.
     * @throws CRYPTO_KEY_INVALID, CRYPTO_ALGORITHM_UNKNOWN, CRYPTO_OPTION_INVALID
     */
    sign(
      payload: object,
      key: string,
      options?: {
        algorithm?: string
        expiresIn?: number | string
        issuer?: string
        audience?: string
        subject?: string
        header?: object
      },
    ): Promise<string>
    /**
     * The claims of a token whose signature, time, issuer, subject and audience are right. The algorithm is yours to
     * name, never the token's.
     * @throws CRYPTO_TOKEN_INVALID with the reason; CRYPTO_KEY_INVALID
     */
    verify(
      token: string,
      key: string,
      options?: {
        algorithm?: string
        issuer?: string
        audience?: string
        subject?: string
        clockToleranceMs?: number
      },
    ): Promise<Record<string, unknown>>
    /** Header and claims without any check; null for what is no token. */
    decode(
      token: string,
    ): Promise<{ header: Record<string, unknown>; payload: Record<string, unknown> } | null>
  }
}

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { environmentErrors } from './environment.errors.ts'
import type { SecretBox } from './secret-box.port.ts'

/** 96 bits, as NIST SP 800-38D recommends for GCM; never used twice with a key, being random per secret. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals with AES-256-GCM. Sealed text is `<key id>.<nonce, ciphertext and tag in base64url>`: the id tells
 * which of several keys opens it, so that keys can be rotated.
 * @param keys 32 bytes each; the first seals, all open.
 * @throws ENV_SECRET_KEY when a key has another length; when opening, if no key fits or the text was changed.
 */
export function createSecretBox(keys: readonly Uint8Array[]): SecretBox {
  const byId = new Map(keys.map((key) => [keyIdOf(key), key]))
  const [first] = keys
  if (!first || keys.some((key) => key.length !== 32)) {
    throw environmentErrors.ENV_SECRET_KEY({ problem: 'a key has 32 bytes' })
  }
  return {
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', first, nonce)
      const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${keyIdOf(first)}.${sealed.toString('base64url')}`
    },
    open(sealed) {
      const [id = '', body = ''] = sealed.split('.')
      const key = byId.get(id)
      if (!key)
        throw environmentErrors.ENV_SECRET_KEY({
          problem: `no key "${id}" is at hand, it was sealed with that`,
        })
      const bytes = Buffer.from(body, 'base64url')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        })
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
        return (
          decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
        )
      } catch (cause) {
        throw environmentErrors.ENV_SECRET_KEY({ problem: 'the stored text was changed' }, { cause })
      }
    },
  }
}

/** Eight hex digits that tell keys apart and say nothing of them. */
export function keyIdOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8)
}

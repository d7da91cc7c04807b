import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSecretBox } from './secret-box.ts'

describe('a secret box', () => {
  it('opens what it sealed, and seals the same differently each time', () => {
    const box = createSecretBox([randomBytes(32)])
    for (const plain of ['', 'hunter2', 'пароль 🔑', 'x'.repeat(60_000)])
      expect(box.open(box.seal(plain))).toBe(plain)
    expect(box.seal('same')).not.toBe(box.seal('same'))
  })

  it('opens with an older key what the older key sealed', () => {
    const [old, next] = [randomBytes(32), randomBytes(32)]
    const sealed = createSecretBox([old]).seal('kept')
    const rotated = createSecretBox([next, old])
    expect(rotated.open(sealed)).toBe('kept')
    expect(() => createSecretBox([next]).open(sealed)).toThrow(
      expect.objectContaining({ code: 'ENV_SECRET_KEY' }),
    )
    expect(createSecretBox([next]).open(rotated.seal('new'))).toBe('new')
  })

  it('refuses text that was changed, and keys that are none', () => {
    const box = createSecretBox([randomBytes(32)])
    const [id, body] = box.seal('secret').split('.') as [string, string]
    const bytes = Buffer.from(body, 'base64url')
    bytes[14]! ^= 1
    for (const bad of [`${id}.${bytes.toString('base64url')}`, `${id}.`, id, '', `${id}.AAAA`]) {
      expect(() => box.open(bad)).toThrow(expect.objectContaining({ code: 'ENV_SECRET_KEY' }))
    }
    for (const keys of [[], [randomBytes(31)]]) expect(() => createSecretBox(keys)).toThrow('32 bytes')
  })
})

import { expect, it } from 'vitest'
import { dollarTwin } from './dollar-twin.ts'
import { createServiceTypes } from './service-types.ts'

it('makes the $ twin of a room: values instead of promises, at the members and nowhere else', () => {
  const { title, twin } = dollarTwin(`
interface Options { a: string }
interface ThingModule extends OtherModule {
  /** Reads. Gives a Promise<string>. */
  read(path: string, options?: Options): Promise<string>
  /** Takes a callback that waits. */
  each(fn: (value: number) => Promise<void>): Promise<Map<string, Promise<number>>>
  plain(n: number): number
  readonly subtle: {
    digest(data: Uint8Array): Promise<ArrayBuffer>
  }
}
`)
  expect(title).toBe('ThingModule')
  expect(twin).toBe(`interface $ThingModule extends $OtherModule {
  /** Reads. Gives a Promise<string>. */
  read(path: string, options?: Options): string
  /** Takes a callback that waits. */
  each(fn: (value: number) => Promise<void>): Map<string, Promise<number>>
  plain(n: number): number
  readonly subtle: {
    digest(data: Uint8Array): Promise<ArrayBuffer>
  }
}`)
})

it('declares every room that has declarations, in both spellings', async () => {
  const text = await createServiceTypes().types('0123456789abcdef01234567')
  for (const name of ['crypto', '$crypto', 'strings', '$strings', 'utils', '$utils'])
    expect(text).toMatch(new RegExp(`^declare const ${name.replace('$', '\\$')}: `, 'm'))
  expect(text).toContain('interface $CryptoModule {')
})

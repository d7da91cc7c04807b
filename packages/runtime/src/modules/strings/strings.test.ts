import { describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'
import { escapeHtml, stripHtml, unescapeHtml } from '../../sandbox/text/html.ts'
import { slugify } from '../../sandbox/text/slug.ts'
import { similarity, truncate, wordsOf } from '../../sandbox/text/words.ts'

describeRoom('strings')

describe('strings', () => {
  it('makes slugs of every script', () => {
    const cases: [string, string][] = [
      ['Hello, World!', 'hello-world'],
      ['  --a   b--  ', 'a-b'],
      ['Съешь ещё этих мягких булок', 'sesh-eshche-etikh-miagkikh-bulok'.replace('miagkikh', 'myagkikh')],
      ['Їжак і Ґава', 'izhak-i-gava'],
      ['Ångström & Café', 'angstrom-cafe'],
      ['Straße Łódź İstanbul', 'strasse-lodz-istanbul'],
      ['Αθήνα', 'athina'],
      ['日本', ''],
      ['a_b.c', 'abc'],
    ]
    for (const [text, slug] of cases) expect([text, slugify(text)]).toEqual([text, slug])
  })

  it('cuts at characters, never inside one', () => {
    expect(truncate('🙂🙂🙂', 2)).toBe('🙂🙂...')
    expect(truncate('привет', 6)).toBe('привет')
    expect(truncate('abc', 0)).toBe('...')
    expect(truncate('abc', -1)).toBe('...')
    expect(truncate('abc', Number.NaN)).toBe('...')
  })

  it('finds the words of names', () => {
    expect(wordsOf('parseHTTPResponse2Json_now-ok')).toEqual([
      'parse',
      'HTTP',
      'Response2',
      'Json',
      'now',
      'ok',
    ])
    expect(wordsOf('  ')).toEqual([])
  })

  it('escapes and reads HTML', () => {
    expect(unescapeHtml(escapeHtml(`<a href="x">'&'</a>`))).toBe(`<a href="x">'&'</a>`)
    expect(unescapeHtml('&#0;&#xD800;&#1114112;&nosuch;&toString;')).toBe(
      '\ufffd\ufffd\ufffd&nosuch;&toString;',
    )
    expect(stripHtml('<p>a<br>b</p><!-- x --><style>p{}</style><ul><li>1<li>2</ul> 1 < 2')).toBe(
      'a\nb\n12 1 < 2',
    )
    expect(stripHtml('<scr<script>x</script>ipt>')).not.toContain('<script')
  })

  it('stays fast on hostile texts', () => {
    const from = performance.now()
    stripHtml('<'.repeat(100_000))
    stripHtml('<script'.repeat(20_000))
    unescapeHtml('&'.repeat(100_000))
    slugify('-'.repeat(100_000))
    similarity('a'.repeat(1_000_000), 'b'.repeat(1_000_000))
    expect(performance.now() - from).toBeLessThan(2_000)
  })

  it('refuses texts beyond the limit with its code, and lets the service go on', async () => {
    await using service = await openTestService({
      code: `
        router.get('/', () => {
          const codes = []
          for (const call of [
            () => strings.repeat('ab', 1e9), () => $strings.padStart('a', 1e9), () => strings.randomString(1e9),
          ]) try { call() } catch (error) { codes.push(error.code) }
          return codes.concat(strings.truncate(null, 3), $strings.slugify(undefined), strings.capitalize(12))
        })`,
    })
    expect((await service.get('/')).json).toEqual([
      ...Array<string>(3).fill('STRINGS_TOO_LONG'),
      '',
      '',
      '12',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'
import { formatDate, parseDate } from '../../sandbox/text/dates.ts'
import { matchAll, replaceAll } from '../../sandbox/text/patterns.ts'

describeRoom('utils')

describe('utils', () => {
  it('dates go there and back in UTC', () => {
    const pattern = 'DD/MM/YYYY HH:mm:ss.SSS'
    for (const ms of [0, Date.UTC(2024, 1, 29, 23, 59, 59, 999), Date.UTC(9999, 11, 31)]) {
      expect(parseDate(formatDate(ms, pattern), pattern)).toBe(ms)
    }
    const bad = ['2026-02-29', '2026-13-01', '2026-1-1', '2026-01-01x', '', '(.*)']
    for (const text of bad) expect([text, parseDate(text, 'YYYY-MM-DD')]).toEqual([text, null])
    expect(parseDate('24:00', 'HH:mm')).toBeNull()
    expect(parseDate('anything', 'no tokens')).toBeNull()
    expect(formatDate(Number.NaN, pattern)).toBe('')
  })

  it('patterns follow RE2 where scripts of the original rely on it', () => {
    expect(matchAll('Foo foo', '(?i)FOO')).toEqual(['Foo', 'foo'])
    expect(matchAll('a1_b', '[[:alpha:]]+')).toEqual(['a', 'b'])
    expect(matchAll('ab', '(?P<x>a)')).toEqual(['a'])
    expect(matchAll('ab', '(')).toEqual([])
    expect(matchAll('aaa', '')).toEqual(['', '', '', ''])
    expect(replaceAll('ab', '(?P<x>a)(b)', '$2${x}$$1')).toBe('ba$1')
    expect(replaceAll('ab', '(a)', '$1x')).toBe('b')
    expect(replaceAll('ab', '(a)', '${1}x')).toBe('axb')
    expect(replaceAll('ab', '[', 'x')).toBe('ab')
  })

  it('a $ sleep stops the service until it is over, a bare one only its own request', async () => {
    await using service = await openTestService({
      code: `
        router.get('/bare', async () => { await utils.sleep(80); return 'bare' })
        router.get('/dollar', () => { $utils.sleep(80); return 'dollar' })
        router.get('/quick', () => 'quick')`,
    })
    const order: string[] = []
    const get = async (path: string) => void order.push((await service.get(path)).body)
    await Promise.all([get('/bare'), get('/quick')])
    await Promise.all([get('/dollar'), get('/quick')])
    expect(order).toEqual(['quick', 'bare', 'dollar', 'quick'])
  })

  it('keeps the quiet failures of the $ spelling', async () => {
    await using service = await openTestService({
      code: `router.get('/', () => [
        $utils.parseDate('x', 'YYYY'), utils.parseDate('x', 'YYYY'), $utils.truncate('abc', 0),
        $utils.truncate('abcdef', 3), $utils.slugify('A  b_c!'), $utils.randomInt(7, 2), $utils.formatDate(0, 'YYYY'),
        $utils.capitalize('ёж'), $utils.sleep(0) === undefined,
      ])`,
    })
    const answer = [0, null, '...', 'abc...', 'a-bc', 7, '1970', 'Ёж', true]
    expect((await service.get('/')).json).toEqual(answer)
  })
})

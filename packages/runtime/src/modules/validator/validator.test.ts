import { describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'
import { formats } from '../../sandbox/validation/formats.ts'
import { check, readRules } from '../../sandbox/validation/tags.ts'

describeRoom('validator')

const right: Record<string, string[]> = {
  email: ['a@b.co', 'first.last+tag@sub.example.com', 'ёж@пример.рф'],
  url: ['http://localhost:3000', 'https://a.b/c?d#e', 'mailto:a@b', 'http://[::1]:80/', 'ftp://x'],
  uuid: ['6ba7b810-9dad-11d1-80b4-00c04fd430c8'],
  ipv6: ['::', '::1', '1::', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', 'fe80::1'],
  ipv4: ['0.0.0.0', '255.255.255.255'],
  cidr: ['10.0.0.0/8', '::/0', '2001:db8::/32'],
  mac: ['01:23:45:67:89:ab', '01-23-45-67-89-AB', '0123.4567.89ab', '01:23:45:67:89:ab:cd:ef'],
  hexcolor: ['#fff', '#ffff', '#ffffff', '#ffffffff'],
  rgba: ['rgba(0,0,0,0)', 'rgba(255, 10%, 1, 0.25)'],
  hsl: ['hsl(360,100%,50%)'],
  latitude: ['90', '-90.0', '+12.5'],
  credit_card: ['4111111111111111', '5500-0000-0000-0004'],
  isbn: ['3-16-148410-X'.replace('3-16-148410-X', '316148410X'), '9783161484100'],
  base64: ['YQ==', 'YWI='],
  fqdn: ['example.com', 'a.b.example.com.'],
  hostname_port: ['example.com:80', ':443'],
  semver: ['1.0.0', '1.0.0-alpha.1+build.5'],
  jwt: ['a.b.c'],
  e164: ['+4930123456'],
}
const wrong: Record<string, string[]> = {
  email: ['', 'a', '@b.co', 'a@b', 'a b@c.de', 'a@b..c', '.a@b.co', 'a@-b.co', `${'a'.repeat(65)}@b.co`],
  url: ['', 'example.com', 'http://', 'http:///x', '/path', 'http://a b', 'http://a:99999', 'http://%zz'],
  uuid: ['6ba7b8109dad11d180b400c04fd430c8', ''],
  ipv6: ['', ':', ':::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::1::', 'g::', '::1.2.3.256', '12345::'],
  ipv4: ['1.2.3', '01.2.3.4', '1.2.3.256', '1.2.3.4.5'],
  cidr: ['10.0.0.0/33', '10.0.0.0', '::/129', '/8'],
  mac: ['01:23:45:67:89', '01:23-45:67:89:ab'],
  hexcolor: ['fff', '#ff', '#ggg'],
  rgba: ['rgba(0,0,0)', 'rgba(256,0,0,1)'],
  hsl: ['hsl(1,1,1)'],
  latitude: ['91', 'x', ''],
  credit_card: ['4111111111111112', '411'],
  isbn: ['9783161484101', ''],
  base64: ['YQ=', '', 'Y Q='],
  fqdn: ['localhost', '-a.com'],
  hostname_port: ['example.com', 'a:0', 'a:70000'],
  semver: ['1.0', '01.0.0'],
  jwt: ['a.b'],
  e164: ['4930'],
}

describe('validator', () => {
  for (const name of Object.keys(right)) {
    it(`tells a right ${name} from a wrong one`, () => {
      for (const text of right[name]!) expect([text, formats[name]!(text)]).toEqual([text, true])
      for (const text of wrong[name]!) expect([text, formats[name]!(text)]).toEqual([text, false])
    })
  }

  it('reads rules as the original does', () => {
    const failed = (value: unknown, rules: string) => check(value, readRules(rules))?.tag ?? null
    const cases: [unknown, string, string | null][] = [
      ['', 'required', 'required'],
      [0, 'required', 'required'],
      [false, 'required', 'required'],
      [[], 'required', null],
      ['ёжи', 'min=3,max=3', null],
      ['ab', 'min=3', 'min'],
      [2, 'min=3', 'min'],
      [[1, 2], 'len=2', null],
      [{ a: 1 }, 'max=0', 'max'],
      [true, 'min=1', 'min'],
      [null, 'email', 'email'],
      ['', 'omitempty,email', null],
      ['x', 'omitempty,email', 'email'],
      ['#fff', 'rgb|hexcolor', null],
      ['x', 'rgb|hexcolor', 'rgb|hexcolor'],
      ['b c', "oneof='b c' d", null],
      [3, 'oneof=1 2 3', null],
      ['a,b', 'contains=0x2C', null],
      ['a|b', 'eq=a0x7Cb', null],
      [['a', 1], 'dive,alpha', 'alpha'],
      [[1, 1], 'unique', 'unique'],
      [5, 'numeric', null],
      ['5', 'gt=4', 'gt'],
      ['5', 'eq=5', null],
      [true, 'eq=true', null],
      ['x', 'ne=y', null],
      ['', '', null],
    ]
    for (const [value, rules, tag] of cases)
      expect([value, rules, failed(value, rules)]).toEqual([value, rules, tag])
  })

  it('stays fast on hostile texts', () => {
    const from = performance.now()
    for (const test of Object.values(formats)) {
      for (const text of [
        'a'.repeat(50_000),
        '1.'.repeat(50_000),
        'a@'.repeat(20_000),
        'a.'.repeat(20_000),
        ':'.repeat(50_000),
        'rgb(' + ' '.repeat(20_000),
        'a-'.repeat(20_000) + '!',
      ])
        test(text)
    }
    expect(performance.now() - from).toBeLessThan(3_000)
  })

  it('gives the original’s results, messages and codes in both spellings', async () => {
    await using service = await openTestService({
      code: `
        const code = (call) => { try { return call() } catch (error) { return error.code + ': ' + error.message } }
        router.get('/', () => [
          $validator.struct({ name: 'ab', mail: 'x', n: null }, { name: 'required,min=3', mail: 'email', other: 'min=3', must: 'required,url', n: 'required' }),
          $validator.var('ab', 'len=3'), $validator.var('a1', 'alpha'), validator.var('x', 'ipv4'), validator.var([1, 'x'], 'dive,numeric'),
          code(() => $validator.isValid('x', 'nosuch')), code(() => validator.struct({}, 'required')), code(() => validator.schema({ a: 'min=1,nope' })),
          validator.isValid('x', 'toString|required'.slice(9)), code(() => validator.isValid('x', 'constructor')),
        ])`,
    })
    const answer = (await service.get('/')).json as unknown[]
    expect(answer[0]).toEqual({
      valid: false,
      errors: [
        { field: 'name', tag: 'min', value: 'ab', message: 'name must be at least 3' },
        { field: 'mail', tag: 'email', value: 'x', message: 'mail must be a valid email' },
        { field: 'must', tag: 'required', value: null, message: 'must is required' },
        { field: 'n', tag: 'required', value: null, message: 'n is required' },
      ],
    })
    const error = (field: string, tag: string, value: unknown, message: string) => ({
      valid: false,
      errors: [{ field, tag, value, message }],
    })
    expect(answer.slice(1, 5)).toEqual([
      error('', 'len', 'ab', 'must be exactly 3 characters'),
      error('', 'alpha', 'a1', 'must contain only letters'),
      error('', 'ipv4', 'x', 'failed validation: ipv4'),
      error('[1]', 'numeric', 'x', '[1] must contain only numbers'),
    ])
    expect(answer[5]).toMatch(/^VALIDATOR_RULE_UNKNOWN: .*"nosuch"/)
    expect(answer[6]).toMatch(/^VALIDATOR_RULES_INVALID/)
    expect(answer[7]).toMatch(/^VALIDATOR_RULE_UNKNOWN: .*"nope"/)
    expect(answer.slice(8)).toEqual([true, expect.stringMatching(/^VALIDATOR_RULE_UNKNOWN/)])
  })
})

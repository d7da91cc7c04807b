// Pure helpers of the original's scripts: their edges, what fails quietly, and messages.
import { describeTable, throws, type Row } from './contract.suite.ts'

const utils: Row[] = [
  ['slugify: lower case, blanks to hyphens', `$utils.slugify('  Hello   World ')`, 'hello-world'],
  ['slugify: other signs fall away', `$utils.slugify('a_b & c!')`, 'ab-c'],
  ['slugify: hyphens are squeezed and trimmed', `$utils.slugify('--a -- b--')`, 'a-b'],
  ['slugify: Cyrillic is transliterated, not lost', `$utils.slugify('Привет Мир')`, 'privet-mir'],
  ['slugify: nothing gives nothing', `[$utils.slugify(''), $utils.slugify()]`, ['', '']],
  ['truncate: a short text stays', `$utils.truncate('abc', 3)`, 'abc'],
  ['truncate: first n and three dots', `$utils.truncate('abcdef', 3)`, 'abc...'],
  [
    'truncate: three dots for no length',
    `[$utils.truncate('abc', 0), $utils.truncate('abc', -2), $utils.truncate('abc')]`,
    ['...', '...', '...'],
  ],
  ['truncate: letters are never cut in half', `$utils.truncate('приветы', 3)`, 'при...'],
  ['capitalize: the first letter', `[$utils.capitalize('éa'), $utils.capitalize('')]`, ['Éa', '']],
  ['randomInt: the maximum is not in it', `$utils.randomInt(3, 4)`, 3],
  ['randomInt: min when there is no range', `[$utils.randomInt(5, 5), $utils.randomInt(9, 3)]`, [5, 9]],
  ['randomInt: missing numbers are 0', `[$utils.randomInt(), $utils.randomInt(7)]`, [0, 7]],
  ['random: from 0 to 1', `(function (x) { return x >= 0 && x < 1 })($utils.random())`, true],
  [
    'uuid: version 4',
    `/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test($utils.uuid())`,
    true,
  ],
  ['regexMatch: all matches', `$utils.regexMatch('a1b22', '[0-9]+')`, ['1', '22']],
  ['regexMatch: flags of RE2', `$utils.regexMatch('aA', '(?i)a')`, ['a', 'A']],
  ['regexMatch: a bad pattern matches nothing', `$utils.regexMatch('x', '(')`, []],
  ['regexReplace: $1 is a group', `$utils.regexReplace('a-b', '(\\\\w)-(\\\\w)', '$2-$1')`, 'b-a'],
  [
    'regexReplace: named groups of RE2',
    `$utils.regexReplace('ab', '(?P<first>a)', '\${first}\${first}')`,
    'aab',
  ],
  ['regexReplace: a bad pattern changes nothing', `$utils.regexReplace('x', '(', 'y')`, 'x'],
  [
    'formatDate: tokens, in UTC',
    `$utils.formatDate(1700000000123, 'YYYY/MM/DD HH:mm:ss')`,
    '2023/11/14 22:13:20',
  ],
  [
    'parseDate: the way back of formatDate',
    `$utils.parseDate('2023/11/14 22:13:20', 'YYYY/MM/DD HH:mm:ss')`,
    1700000000000,
  ],
  [
    'parseDate: 0 for what is no date',
    `[$utils.parseDate('never', 'YYYY-MM-DD'), $utils.parseDate('2026-02-30', 'YYYY-MM-DD')]`,
    [0, 0],
  ],
  ['timestamp: milliseconds', `Math.abs($utils.timestamp() - Date.now()) < 1000`, true],
  ['sleep: returns when it is over', `$utils.sleep(1)`, 'undefined'],
]

const encoding: Row[] = [
  ['base64Encode: UTF-8', `$encoding.base64Encode('héllo')`, 'aMOpbGxv'],
  ['base64Decode: back', `$encoding.base64Decode('aMOpbGxv')`, 'héllo'],
  ['base64Decode: bad input is empty', `$encoding.base64Decode('!!')`, ''],
  ['jsonParse: any value', `$encoding.jsonParse('[1,{"a":null}]')`, [1, { a: null }]],
  ['jsonParse: bad input is null', `[$encoding.jsonParse('{a}'), $encoding.jsonParse('')]`, [null, null]],
  [
    'jsonStringify: sorted keys, at every depth',
    `$encoding.jsonStringify({ b: 1, a: { d: 1, c: 2 } })`,
    '{"a":{"c":2,"d":1},"b":1}',
  ],
  [
    'jsonStringify: <, > and & are escaped',
    `$encoding.jsonStringify('<&>')`,
    String.raw`"\u003c\u0026\u003e"`,
  ],
  ['urlEncode: a blank is +', `$encoding.urlEncode('a b')`, 'a+b'],
  [
    'urlEncode: all but unreserved signs is escaped',
    `$encoding.urlEncode("é/~-_.!*()'")`,
    '%C3%A9%2F~-_.%21%2A%28%29%27',
  ],
  ['urlDecode: + is a blank', `$encoding.urlDecode('a+b%26c')`, 'a b&c'],
  ['urlDecode: bad input is empty', `[$encoding.urlDecode('%zz'), $encoding.urlDecode('%E4')]`, ['', '']],
]

const crypto: Row[] = [
  ['md5: lower case hex', `$crypto.md5('a')`, '0cc175b9c0f1b6a831c399e269772661'],
  ['md5: nothing is the empty text', `$crypto.md5() === $crypto.md5('')`, true],
  [
    'sha256: of UTF-8 bytes',
    `$crypto.sha256('é')`,
    '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c',
  ],
  ['randomBytes: hex of twice the length', `/^[0-9a-f]{8}$/.test($crypto.randomBytes(4))`, true],
  ['randomBytes: nothing for no number', `[$crypto.randomBytes(0), $crypto.randomBytes(-1)]`, ['', '']],
]

const first = (value: string, rules: string) =>
  `(function (e) { return [e.field, e.tag, e.message] })($validator.var(${value}, '${rules}').errors[0])`

const validator: Row[] = [
  [
    'struct: valid data',
    `$validator.struct({ email: 'a@b.co' }, { email: 'required,email' })`,
    { valid: true, errors: [] },
  ],
  [
    'struct: field, tag, value, message',
    `$validator.struct({ age: 17 }, { age: 'min=18' }).errors`,
    [{ field: 'age', tag: 'min', value: 17, message: 'age must be at least 18' }],
  ],
  [
    'struct: a missing key fails where the rules speak of required',
    `$validator.struct({}, { a: 'required', b: 'email', c: 'min=3' }).errors.map(function (e) { return e.message })`,
    ['a is required'],
  ],
  [
    'struct: null and the empty text are no value',
    `$validator.struct({ a: null, b: '' }, { a: 'required', b: 'required' }).errors.length`,
    2,
  ],
  ['var: no field and no prefix', first(`'ab'`, 'min=3'), ['', 'min', 'must be at least 3']],
  ['var: required', first(`''`, 'required'), ['', 'required', 'value is required']],
  ['message: email', first(`'x'`, 'email'), ['', 'email', 'must be a valid email']],
  ['message: url', first(`'x'`, 'url'), ['', 'url', 'must be a valid URL']],
  ['message: uuid', first(`'x'`, 'uuid'), ['', 'uuid', 'must be a valid UUID']],
  ['message: numeric', first(`'x'`, 'numeric'), ['', 'numeric', 'must contain only numbers']],
  ['message: alpha', first(`'1'`, 'alpha'), ['', 'alpha', 'must contain only letters']],
  ['message: alphanum', first(`'-'`, 'alphanum'), ['', 'alphanum', 'must contain only letters and numbers']],
  ['message: len', first(`'ab'`, 'len=3'), ['', 'len', 'must be exactly 3 characters']],
  ['message: max', first(`'abcd'`, 'max=3'), ['', 'max', 'must be at most 3']],
  ['message: any other rule', first(`'z'`, 'oneof=a b'), ['', 'oneof', 'failed validation: oneof']],
  [
    'the first rule that fails is told',
    first(`'a'`, 'required,min=3,email'),
    ['', 'min', 'must be at least 3'],
  ],
  ['isValid', `[$validator.isValid('a@b.co', 'email'), $validator.isValid('x', 'email')]`, [true, false]],
  [
    'an unknown rule is an error that names it',
    `$validator.isValid('x', 'nosuch')`,
    throws('VALIDATOR_RULE_UNKNOWN'),
  ],
  [
    'formats',
    `[$validator.isEmail('a@b.co'), $validator.isURL('https://x.y/z'), $validator.isUUID('550e8400-e29b-11d4-a716-446655440000'),
      $validator.isUUIDv4('550e8400-e29b-41d4-a716-446655440000'), $validator.isNumeric('-1.5'), $validator.isAlpha('abc'),
      $validator.isAlphanumeric('a1'), $validator.isJSON('{"a":1}'), $validator.isBase64('aGk='), $validator.isIP('::1'),
      $validator.isIPv4('1.2.3.4'), $validator.isIPv6('::1'), $validator.isCIDR('10.0.0.0/8'), $validator.isMAC('00:11:22:33:44:55'),
      $validator.isHexColor('#fff'), $validator.isRGBColor('rgb(1,2,3)'), $validator.isRGBAColor('rgba(1,2,3,0.5)'),
      $validator.isLatitude(45.5), $validator.isLongitude('179'), $validator.isCreditCard('4111111111111111'),
      $validator.isISBN('978-3-16-148410-0')].every(function (is) { return is === true })`,
    true,
  ],
  [
    'formats of something else',
    `[$validator.isEmail('x'), $validator.isURL('x.y'), $validator.isUUIDv4('550e8400-e29b-11d4-a716-446655440000'), $validator.isNumeric('x'),
      $validator.isAlpha('1'), $validator.isJSON('{'), $validator.isBase64('*'), $validator.isIPv4('::1'), $validator.isIPv6('1.2.3.4'),
      $validator.isLatitude('91'), $validator.isLongitude(181), $validator.isCreditCard('4111111111111112'), $validator.isISBN('1'),
      $validator.isEmail(), $validator.isURL('')].some(function (is) { return is })`,
    false,
  ],
  [
    'texts, also with a comma',
    `[$validator.contains('a,b', ','), $validator.startsWith('abc', 'ab'), $validator.endsWith('abc', 'bc'), $validator.contains('a', 'b')]`,
    [true, true, true, false],
  ],
  [
    'lengths, in letters',
    `[$validator.minLength('é', 1), $validator.maxLength('é', 1), $validator.length('é', 1), $validator.lengthBetween('abc', 1, 2)]`,
    [true, true, true, false],
  ],
  [
    'matches: a bad pattern matches nothing',
    `[$validator.matches('abc', '^a'), $validator.matches('abc', '(')]`,
    [true, false],
  ],
  [
    'numbers: false for what is none',
    `[$validator.min(5, 5), $validator.max(5, 5), $validator.between(5, 1, 9), $validator.between('5', 1, 9), $validator.min(null, 0)]`,
    [true, true, true, false, false],
  ],
  [
    'oneOf: deep equal, types matter',
    `[$validator.oneOf({ a: 1 }, [{ a: 1 }]), $validator.oneOf('1', [1]), $validator.oneOf(2, [1, 2])]`,
    [true, false, true],
  ],
  [
    'notEmpty: texts, lists, objects; other values are',
    `['', [], {}, null, 0, 'a'].map(function (x) { return $validator.notEmpty(x) })`,
    [false, false, false, false, true, true],
  ],
  [
    'required: only nothing is not there',
    `['', 0, null, undefined].map(function (x) { return $validator.required(x) })`,
    [true, true, false, false],
  ],
]

describeTable('$utils', utils)
describeTable('$encoding', encoding)
describeTable('$crypto', crypto)
describeTable('$validator', validator)

// The small helpers and their edges, as the original has them.
$router.get('/encoding', function () {
  return {
    url: $encoding.urlEncode('a b&c/d~é'),
    back: $encoding.urlDecode('a+b%26c'),
    base64: $encoding.base64Encode('héllo'),
    decoded: $encoding.base64Decode('aMOpbGxv'),
    bad: [$encoding.base64Decode('***'), $encoding.urlDecode('%zz'), $encoding.jsonParse('{oops')],
    json: $encoding.jsonStringify({ b: 1, a: '<&>' }),
  }
})
$router.get('/utils', function () {
  var ints = {}
  for (var i = 0; i < 200; i++) ints[$utils.randomInt(1, 4)] = true
  return {
    slug: [$utils.slugify('Hello,  World! -- Again'), $utils.slugify('  a_b  ')],
    truncate: [
      $utils.truncate('short', 10),
      $utils.truncate('a long text', 6),
      $utils.truncate('x', 0),
      $utils.truncate('x', -1),
    ],
    ints: Object.keys(ints).sort().join(),
    sameInt: [$utils.randomInt(5, 5), $utils.randomInt(9, 3)],
    random: $utils.random() < 1,
    uuid: /^[0-9a-f-]{36}$/.test($utils.uuid()),
    capital: [$utils.capitalize('émile'), $utils.capitalize('')],
    match: [$utils.regexMatch('a1b22', '[0-9]+'), $utils.regexMatch('x', '(')],
    replace: [$utils.regexReplace('2026-01', '(\\d+)-(\\d+)', '$2/$1'), $utils.regexReplace('x', '(', 'y')],
    date: $utils.formatDate(0, 'YYYY-MM-DD HH:mm:ss'),
    parsed: [$utils.parseDate('2026-01-31', 'YYYY-MM-DD'), $utils.parseDate('never', 'YYYY-MM-DD')],
    now: Math.abs($utils.timestamp() - Date.now()) < 5000,
  }
})
$router.get('/crypto', function () {
  return {
    md5: $crypto.md5('a'),
    sha256: $crypto.sha256('héllo'),
    bytes: [$crypto.randomBytes(4).length, $crypto.randomBytes(0), $crypto.randomBytes(-1)],
  }
})
$router.get('/validator', function () {
  var result = $validator.struct(
    { email: 'nope', name: 'Al', age: 17, kind: 'z' },
    {
      email: 'required,email',
      name: 'required,min=3,max=20',
      age: 'min=18',
      kind: 'oneof=a b',
      missing: 'required',
      optional: 'email',
    },
  )
  return {
    valid: result.valid,
    messages: result.errors.map(function (e) {
      return e.message
    }),
    first: result.errors[0],
    ok: $validator.struct({ email: 'a@b.co' }, { email: 'required,email' }),
    alone: $validator.var('abc', 'required,min=5'),
    is: [
      $validator.isValid('x@y.zz', 'email'),
      $validator.isEmail('x'),
      $validator.isURL('https://m3m.dev'),
      $validator.isUUID('x'),
      $validator.isIPv4('1.2.3.4'),
      $validator.isCreditCard('4111111111111111'),
    ],
    text: [
      $validator.contains('a,b', 'a,b'),
      $validator.minLength('abc', 3),
      $validator.lengthBetween('abc', 1, 2),
      $validator.matches('abc', '^a'),
    ],
    number: [
      $validator.min(5, 5),
      $validator.between('5', 1, 9),
      $validator.oneOf(2, [1, 2]),
      $validator.notEmpty([]),
      $validator.required(null),
      $validator.required(0),
    ],
  }
})

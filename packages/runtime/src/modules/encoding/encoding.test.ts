import { describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'
import { goJson } from '../../sandbox/text/go-json.ts'
import { parseQuery, percentEncode, stringifyQuery } from '../../sandbox/text/query.ts'

describeRoom('encoding')

describe('encoding', () => {
  it('writes JSON as Go does', () => {
    expect(goJson({ b: 1, a: [undefined, () => 1, '<&>\u2028'], 10: 1, 9: 1, '🙂': 1, '\uffee': 1 })).toBe(
      '{"10":1,"9":1,"a":[null,null,"\\u003c\\u0026\\u003e\\u2028"],"b":1,"\uffee":1,"🙂":1}',
    )
    expect(goJson(undefined)).toBe('null')
    expect(goJson({ at: new Date(0), skip: undefined })).toBe('{"at":"1970-01-01T00:00:00.000Z"}')
  })

  it('reads and writes queries without touching prototypes', () => {
    const query = parseQuery('?a=1&&b=x+y&b=%D1%91&c&__proto__=p')
    expect(Object.entries(query)).toEqual([
      ['a', '1'],
      ['b', ['x y', 'ё']],
      ['c', ''],
      ['__proto__', 'p'],
    ])
    expect(Object.getPrototypeOf(query)).toBe(Object.prototype)
    expect(stringifyQuery({ a: [1, null, 'x y'], b: undefined, c: { d: 1 } })).toBe(
      'a=1&a=x%20y&c=%7B%22d%22%3A1%7D',
    )
    expect(percentEncode("a-b_c.d~e!'()*")).toBe('a-b_c.d~e%21%27%28%29%2A')
  })

  it('throws with its code in the bare spelling and is quiet in the $ one', async () => {
    await using service = await openTestService({
      code: `
        const cycle = {}; cycle.self = cycle
        const bad = [
          (e) => e.base64Decode('***'), (e) => e.base64urlDecode('a+b='), (e) => e.hexDecode('xyz'), (e) => e.jsonParse('{'),
          (e) => e.urlDecode('%zz'), (e) => e.queryParse('a=%zz'), (e) => e.csvParse('a\\n"b'), (e) => e.xmlParse('<a>'),
          (e) => e.yamlParse('a: [1'), (e) => e.jsonStringify(cycle), (e) => e.yamlStringify(cycle), (e) => e.urlEncode('\\ud800'),
          (e) => e.csvStringify('x'),
        ]
        router.get('/bare', () => bad.map((call) => { try { return call(encoding) } catch (error) { return error.code } }))
        router.get('/dollar', () => bad.map((call) => call($encoding)))
        router.get('/message', () => { try { encoding.yamlParse('a: 1\\nb: [') } catch (error) { return error.message } })
        router.get('/option', () => { try { $encoding.csvParse('', { delimiter: '"' }) } catch (error) { return error.code } })`,
    })
    expect((await service.get('/bare')).json).toEqual(Array(13).fill('ENCODING_INVALID'))
    expect((await service.get('/dollar')).json).toEqual([
      '',
      '',
      '',
      null,
      '',
      null,
      null,
      null,
      null,
      '',
      '',
      '',
      '',
    ])
    expect((await service.get('/message')).body).toMatch(/^This is not valid YAML: line 2, column \d+: /)
    expect((await service.get('/option')).body).toBe('ENCODING_OPTION_INVALID')
  })

  it('follows the original in the $ spelling', async () => {
    await using service = await openTestService({
      code: `router.get('/', () => [
        $encoding.base64Encode('ё'), $encoding.base64Decode('0ZE='), $encoding.jsonStringify(undefined), $encoding.urlDecode('a+b%21'),
        $encoding.urlEncode("a b/c'"), $encoding.jsonStringify({ z: { b: 1, a: 2 } }), encoding.jsonStringify({ a: [1] }, 2), encoding.urlDecode('a+b'),
        $encoding.base64Decode(undefined), encoding.csvStringify([[1, null], ['a"b', { x: 1 }]]), encoding.csvStringify([{ a: 1 }, { b: 2 }], { columns: ['b', 'a'], header: false, delimiter: ';' }),
      ])`,
    })
    expect((await service.get('/')).json).toEqual([
      '0ZE=',
      'ё',
      'null',
      'a b!',
      'a+b%2Fc%27',
      '{"z":{"a":2,"b":1}}',
      '{\n  "a": [\n    1\n  ]\n}',
      'a+b',
      '',
      '1,\n"a""b","{""x"":1}"\n',
      ';1\n2;\n',
    ])
  })
})

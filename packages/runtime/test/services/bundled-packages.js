// Packages as people bundle them into a file of the branch, each doing what it is known for.
import Ajv from 'ajv'
import * as cheerio from 'cheerio'
import Handlebars from 'handlebars/dist/handlebars.js'
import { AutoRouter, error } from 'itty-router'
import * as jose from 'jose'
import lodash from 'lodash'
import { marked } from 'marked'
import Mustache from 'mustache'
import { v4, v5, v7, validate } from 'uuid'
import { z } from 'zod'

const secret = new TextEncoder().encode('x'.repeat(32))
async function signed(alg) {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true })
  const token = await new jose.SignJWT({ alg })
    .setProtectedHeader({ alg })
    .setExpirationTime('2h')
    .sign(privateKey)
  const again = await jose.importJWK(await jose.exportJWK(publicKey), alg)
  return (await jose.jwtVerify(token, again)).payload.alg
}
const itty = AutoRouter()
itty.get('/hello/:name', ({ name }) => ({ hi: name })).get('*', () => error(404))

const packages = {
  zod: () => {
    const schema = z.object({ mail: z.email(), n: z.coerce.number().int(), when: z.iso.date().optional() })
    return [
      schema.parse({ mail: 'a@b.co', n: '5' }),
      schema.safeParse({ mail: 'x', n: 'y' }).error.issues.length,
      z.toJSONSchema(schema).type,
    ]
  },
  ajv: () => {
    const check = new Ajv({ allErrors: true }).compile({
      type: 'object',
      properties: { a: { type: 'integer' } },
      required: ['a'],
    })
    return [check({ a: 1 }), check({}), check.errors[0].message]
  },
  jose: async () => {
    const token = await new jose.EncryptJWT({ b: 2 })
      .setProtectedHeader({ alg: 'A256KW', enc: 'A128CBC-HS256' })
      .encrypt(secret)
    return [
      await Promise.all(['ES256', 'EdDSA', 'PS256'].map(signed)),
      (await jose.jwtDecrypt(token, secret)).payload.b,
    ]
  },
  'itty-router': async () => [
    await (await itty.fetch(new Request('http://x/hello/ann'))).json(),
    (await itty.fetch(new Request('http://x/none'))).status,
  ],
  lodash: async () => [
    lodash.chunk([1, 2, 3], 2),
    lodash.template('hi <%- n %>')({ n: '<x>' }),
    lodash.cloneDeep({ a: new Map([[1, 2]]) }).a.get(1),
    await new Promise((resolve) => lodash.debounce(resolve, 2)('late')),
  ],
  marked: () => marked.parse('# hi\n\n|a|b|\n|-|-|\n|1|2|').replaceAll('\n', ''),
  handlebars: () => {
    Handlebars.registerHelper('up', (text) => text.toUpperCase())
    return Handlebars.compile('{{#each list}}{{up this}}{{/each}} {{html}}')({ list: ['a'], html: '<b>' })
  },
  mustache: () =>
    Mustache.render('{{a}} {{#list}}{{.}}{{/list}} {{{html}}}', { a: '<', list: [1, 2], html: '<b>' }),
  cheerio: () => {
    const $ = cheerio.load('<ul><li class=a>x</li><li>y</li></ul>')
    $('li.a').text('changed').attr('id', 'q')
    return [$('li').length, $.html('#q')]
  },
  uuid: () => [validate(v4()), validate(v7()), v5('x', v5.URL)],
}
router.get('/cases', async () => {
  const results = {}
  for (const [name, use] of Object.entries(packages)) {
    try {
      results[name] = await use()
    } catch (error) {
      results[name] = String(error.stack)
    }
  }
  return results
})

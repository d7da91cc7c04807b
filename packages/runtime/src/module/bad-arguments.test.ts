// Whatever is wrong with its arguments: a member that gives a Promise gives one, and says by it what is wrong. Authors write
// `.catch(…)` behind it, and what is thrown at once passes that by.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rooms } from '../modules/rooms.ts'
import { openTestService } from './testing.ts'

const storagePath = mkdtempSync(join(tmpdir(), 'm3m-bad-arguments-'))
test.afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

const modules = join(import.meta.dirname, '../modules')

/** Arguments nobody means, as code: too few, of other kinds, and such as throw when they are looked at. */
const BAD = [
  ``,
  `undefined`,
  `null`,
  `0`,
  `-1`,
  `NaN`,
  `''`,
  `'\\0'`,
  `'../..'`,
  `Symbol('s')`,
  `1n`,
  `[]`,
  `{}`,
  `() => {}`,
  `new Date(NaN)`,
  `{ __proto__: null }`,
  `{ get a() { throw null } }`,
  `{ toString() { throw new Error('mine') }, toJSON() { throw new Error('mine') } }`,
  `new Proxy({}, { get() { throw null }, ownKeys() { throw null }, getOwnPropertyDescriptor() { throw null }, getPrototypeOf() { throw null } })`,
  `(() => { const circle = {}; circle.circle = circle; return circle })()`,
]

/** Where the members of an interface are, as code; of a module's own it is the module. */
const MORE = {
  Collection: `database.collection('none')`,
  StorageFolder: `storage.tmp`,
} as Readonly<Record<string, string>>

interface Target {
  at: string
  members: string[]
}

/** Members that declare a Promise, of the module and of the objects it has. */
function targetsOf(name: string): Target[] {
  const text = readFileSync(join(modules, name, `${name}.d.ts`), 'utf8')
  const found = text.matchAll(/^interface (\w+)(?:<.*>)?(?: extends (\w+))? \{\n([\s\S]*?)^\}/gm)
  const bodies = new Map([...found].map(([, title, above, body]) => [title!, { above, body: body! }]))
  const membersOf = (title: string): string[] => {
    const { above, body } = bodies.get(title) ?? { body: '' }
    const own = body.split(/^(?= {2}(?:readonly )?\w+\??[(:<])/m).flatMap((member) => {
      const [, key] = /^ {2}(\w+)[(<]/.exec(member) ?? []
      return key !== undefined && /\): Promise</.test(member) ? [key] : []
    })
    return above ? [...new Set([...own, ...membersOf(above)])] : own
  }
  return [...bodies.keys()].flatMap((title) => {
    const at = title.toLowerCase() === `${name.toLowerCase()}module` ? name : MORE[title]
    const members = membersOf(title)
    return at === undefined || members.length === 0 ? [] : [{ at, members }]
  })
}

const targets = rooms.flatMap(({ name }) => targetsOf(name))

test('there are such members', () => {
  expect(targets.map(({ at }) => at)).toEqual(
    expect.arrayContaining(['database', 'storage', 'http', 'ui', 'crypto']),
  )
})

test.for(targets)(
  '$at gives a promise whatever it is given',
  { timeout: 120_000 },
  async ({ at, members }) => {
    await using service = await openTestService({
      storagePath,
      code: `
const BAD = [${BAD.map((code) => `() => [${code}]`).join(', ')}]
router.get('/', async () => {
  const wrong = new Set()
  for (const member of ${JSON.stringify(members)})
    for (const first of BAD) {
      // Rejections of one entry are dear (isolated-vm looks through all of them for each that is caught).
      await new Promise(setImmediate)
      for (const second of BAD) {
      let answer
      try { answer = ${at}[member](...first(), ...second()) } catch (error) { wrong.add(member + ' threw ' + error); continue }
      if (typeof answer?.then === 'function') answer.then(null, () => {})
      else wrong.add(member + ' gave no promise')
      }
    }
  return [...wrong]
})`,
    })
    expect((await service.get('/')).json).toEqual([])
  },
)

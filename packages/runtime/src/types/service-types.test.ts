import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createProjectTypes } from './project-types.ts'
import { makeTwin } from './twin.ts'

test('the $ twin gives values instead of promises, at the members and nowhere else', () => {
  const { text, nameOf } = makeTwin(`
interface Options {
  a: string
}
interface ThingModule {
  /** Reads. Gives a Promise<string>. */
  read(path: string, options?: Options): Promise<string>
  /** Takes a callback that waits. */
  each(fn: (value: number) => Promise<void>): Promise<Map<string, Promise<number>>>
  /** Always a promise. */
  digest(data: Uint8Array): Promise<ArrayBuffer>
  plain(n: number): number
}
`)
  expect(nameOf('ThingModule')).toBe('$ThingModule')
  expect(nameOf('Options')).toBe('Options')
  expect(text).toContain('read(path: string, options?: Options): string\n')
  expect(text).toContain('each(fn: (value: number) => Promise<void>): Map<string, Promise<number>>')
  expect(text).toContain('digest(data: Uint8Array): Promise<ArrayBuffer>')
})

const typed = createProjectTypes({
  models: [
    {
      slug: 'users',
      name: 'Users',
      fields: [
        { key: 'name', type: 'string', required: true },
        { key: 'age', type: 'number' },
        { key: 'role', type: 'select', options: ['admin', 'guest'], required: true },
        { key: 'born', type: 'date', required: true },
      ],
    },
  ],
  variables: [
    { key: 'LIMIT', type: 'integer' },
    { key: 'NAME', type: 'string' },
  ],
  goals: ['shop-orders'],
  files: ['main.js', 'lib/price.js'],
})

test('models and goals are offered where they are named, and other names taken', () => {
  expect(typed).toContain('type ModelSlug = "users" | (string & {})')
  expect(typed).toContain('type GoalSlug = "shop-orders" | (string & {})')
  const messages = check(`
events.onRecord('users', 'insert', () => {})
hook.onModelInsert('later', () => {})
void goals.increment('shop-orders')
$goals.increment('orders')
void database.users.find({ age: { $gt: 3 }, 'owner.name': 'Ada', $or: [{ name: 'x' }] })
void database.collection('later').find({ anything: 1 })
`)
  expect(messages).toBe('')
})

/** Messages of the TypeScript compiler for a service written against the declarations. */
function check(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'm3m-types-'))
  try {
    writeFileSync(join(folder, 'm3m.d.ts'), typed)
    writeFileSync(join(folder, 'main.ts'), code)
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
    const options = [
      '--noEmit',
      '--strict',
      '--lib',
      'ES2024',
      '--types',
      '',
      '--target',
      'ES2024',
      '--pretty',
      'false',
    ]
    const result = spawnSync(process.execPath, [tsc, ...options, 'm3m.d.ts', 'main.ts'], {
      cwd: folder,
      encoding: 'utf8',
    })
    return result.stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a service typed by its project compiles in both spellings', () => {
  const messages = check(`
service.boot(() => {
  router.get('/users/:id', async (ctx) => {
    const user = await database.users.findById(ctx.params.id!)
    if (!user) return router.response(404, { error: 'no such user' })
    const name: string = user.name
    const age: number | null = user.age
    const role: 'admin' | 'guest' = user.role
    const born: Date = user.born
    return { name, age, role, born }
  })
  $router.get('/all', () => {
    const users = $database.users.find({ age: { $gt: 3 } })
    const born: string = users[0]!.born
    const count: number = $database.collection('users').count()
    return { born, count }
  })
  schedule.daily(() => logger.info('morning', env.get('LIMIT') + 1, env.getInt('X', 4)))
  const name: string = env.get('NAME')
  const price = $require('lib/price')
  const loaded = async (file: string): Promise<{ price(n: number): number }> => await import('./lib/' + file + '.js')
  logger.info(name, price, loaded, new URL('http://a/').host, setTimeout(() => {}, 5), $crypto.sha256('x'), strings.slugify('x'))
})
`)
  expect(messages).toBe('')
})

test('what a project does not have, and what is of Node or the DOM, is marked', () => {
  const messages = check(`
database.users.insert({ name: 1, role: 'admin', born: new Date() })
const limit: string = env.get('LIMIT')
document.title = limit
process.exit()
const wrong: Promise<number> = $database.users.count()
`)
  expect(messages.match(/error TS\d+/g)).toHaveLength(5)
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rooms } from '../modules/rooms.ts'
import { openTestService } from './testing.ts'

const modules = join(import.meta.dirname, '../modules')
const folders = readdirSync(modules, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

test('every folder with a definition is registered, once, under its own name', () => {
  const built = folders.filter((name) => existsSync(join(modules, name, 'index.ts')))
  expect(rooms.map((room) => room.name).toSorted()).toEqual(built.toSorted())
})

test.for(rooms.map((room) => room.name))('the room %s is whole', (name) => {
  const files = readdirSync(join(modules, name))
  for (const file of ['index.ts', `${name}.sandbox.ts`, `${name}.d.ts`, `${name}.docs.md`])
    expect(files).toContain(file)
  expect(files.some((file) => file.endsWith('.test.ts'))).toBe(true)
  const hosts = files.filter((file) => file.endsWith('.host.ts'))
  for (const file of files.filter(
    (file) => file.endsWith('.ts') && !hosts.includes(file) && !file.endsWith('.test.ts'),
  ))
    expect(readFileSync(join(modules, name, file), 'utf8'), file).not.toMatch(/from 'node:/)
})

test.for(rooms.map((room) => room.name))('every error code of the room %s is documented', (name) => {
  const errors = join(modules, name, `${name}.errors.ts`)
  if (!existsSync(errors)) return
  const docs = readFileSync(join(modules, name, `${name}.docs.md`), 'utf8')
  for (const [, code] of readFileSync(errors, 'utf8').matchAll(/^ {2}([A-Z][A-Z0-9_]+): \{/gm))
    expect(docs, code).toContain(code)
})

test('every global of a room is there in both spellings, and frozen names do not collide', async () => {
  const names = rooms.flatMap(({ name, aliases = [], twin = true }) =>
    [name, ...aliases].flatMap((each) => (twin ? [each, `$${each}`] : [each])),
  )
  expect(new Set(names).size).toBe(names.length)
  await using service = await openTestService({
    code: `router.get('/x', () => ${JSON.stringify(names)}.filter((name) => globalThis[name] === undefined))`,
  })
  expect((await service.get('/x')).json).toEqual([])
})

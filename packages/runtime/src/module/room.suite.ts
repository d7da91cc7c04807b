// What every room must keep: code, declarations and documentation name the same members, and every example of the
// documentation runs in a real isolate and prints what its comments say.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTestService, type TestServiceOptions } from './testing.ts'

const modules = join(import.meta.dirname, '../modules')

export interface RoomSuiteOptions extends Partial<Omit<TestServiceOptions, 'code'>> {
  /** Code of the author that runs before the examples. */
  before?: string
  /** Made anew for the suite's service and ended with it. */
  prepare?: () => Promise<Partial<TestServiceOptions> & Partial<AsyncDisposable>>
}

/** Describes the room's contract. `name` is the folder and the global. */
export function describeRoom(name: string, options: RoomSuiteOptions = {}): void {
  describe(`the room ${name}`, () => {
    it('has the same members in code, declarations and documentation, in both spellings', async () => {
      await using service = await openTestService({
        code: `router.get('/keys', () => ({ bare: Object.keys(${name}), dollar: globalThis.$${name} ? Object.keys($${name}) : null }))`,
        ...(await options.prepare?.()),
      })
      const { bare, dollar } = (await service.get('/keys')).json as {
        bare: string[]
        dollar: string[] | null
      }
      const declared = declaredMembers(name)
      expect(bare.toSorted()).toEqual(declared)
      if (dollar) expect(dollar.toSorted()).toEqual(declared.filter((member) => dollar.includes(member)))
      expect(headings(name)).toEqual(declared)
    })

    it('every example prints what its comments say', async () => {
      const examples = examplesOf(read(name, 'docs.md'))
      expect(examples.length).toBeGreaterThan(0)
      const prepared = await options.prepare?.()
      await using service = await openTestService({
        code: `${options.before ?? ''}\n${examples.map(routeOf).join('\n')}`,
        ...options,
        ...prepared,
      })
      for (const [index, example] of examples.entries()) {
        const from = service.logs.length
        const answer = await service.get(`/example/${index}`)
        expect(answer.status, `${example.heading}: ${answer.body}`).toBe(204)
        const printed = service.logs.slice(from).flatMap((line) => (line.level === 'info' ? [line.text] : []))
        expect(
          matches(printed, example.expected),
          `${example.heading} printed ${JSON.stringify(printed)}, not ${JSON.stringify(example.expected)}`,
        ).toBe(true)
      }
      await prepared?.[Symbol.asyncDispose]?.()
    })
  })
}

interface Example {
  heading: string
  code: string
  /** One entry for each line of the example that prints, `\n` read as a line break; null where any text is right. */
  expected: (string | null)[]
}

function read(name: string, suffix: string): string {
  return readFileSync(join(modules, name, `${name}.${suffix}`), 'utf8')
}

const INTERFACE = /^interface (\w+)Module(?: extends (\w+))? \{\n([\s\S]*?)^\}/m

/** Members of `interface <Name>Module` with those it extends: of the same file, or another room's. */
function declaredMembers(name: string): string[] {
  const text = read(name, 'd.ts')
  const [, title, above, body = ''] = INTERFACE.exec(text) ?? []
  if (title?.toLowerCase() !== name.toLowerCase()) return []
  return [...new Set([...membersOf(body), ...(above ? inherited(text, above) : [])])].toSorted()
}

function inherited(text: string, above: string): string[] {
  if (above.endsWith('Module')) return declaredMembers(roomOf(above))
  const body = new RegExp(`^interface ${above} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text)?.[1] ?? ''
  return membersOf(body)
}

/** Lines indented by two blanks that begin a member. */
function membersOf(body: string): string[] {
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??(?=[(:<])/gm)].map((match) => match[1]!)
}

function roomOf(interfaceName: string): string {
  return interfaceName.charAt(0).toLowerCase() + interfaceName.slice(1).replace(/Module$/, '')
}

/** Members with a heading; those of another room it extends have theirs there. */
function headings(name: string): string[] {
  const above = INTERFACE.exec(read(name, 'd.ts'))?.[2]
  const own = [...read(name, 'docs.md').matchAll(/^## (\w+)$/gm)]
    .map((match) => match[1]!)
    .filter((heading) => heading !== 'Errors' && heading !== 'Notes')
  return [...own, ...(above?.endsWith('Module') ? headings(roomOf(above)) : [])].toSorted()
}

function examplesOf(text: string): Example[] {
  return [...text.matchAll(/^## ([^\n]+)\n([\s\S]*?)(?=^## |(?![\s\S]))/gm)].flatMap(([, heading, body]) =>
    [...body!.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => ({
      heading: heading!,
      code: code!,
      expected: expectations(code!),
    })),
  )
}

/** Calls that write a line of level INFO. */
const PRINTS =
  /\b(?:logger\.info|console\.(?:log|info|dir|dirxml|table|count|timeLog|timeEnd|group(?:Collapsed)?))\(/

function expectations(code: string): (string | null)[] {
  const lines = code.split('\n')
  return lines.flatMap((line, index) => {
    if (!PRINTS.test(line)) return []
    const same = /\) \/\/ (.*)$/.exec(line)?.[1]
    const next = /^\s*\/\/ (.*)$/.exec(lines[index + 1] ?? '')?.[1]
    return [(same ?? next)?.replaceAll('\\n', '\n') ?? null]
  })
}

function routeOf(example: Example, index: number): string {
  return `router.get('/example/${index}', async () => {\n${example.code}\n})`
}

/** `⋯` in a comment stands for any text, for what is different every time. */
function matches(printed: readonly string[], expected: readonly (string | null)[]): boolean {
  if (printed.length !== expected.length) return false
  return expected.every((text, i) => {
    if (text === null) return true
    const pattern = text.split('⋯').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${pattern.join('[\\s\\S]*')}$`).test(printed[i]!)
  })
}

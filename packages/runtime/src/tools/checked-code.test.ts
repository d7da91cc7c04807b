import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@m3m/base'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createCheckedCode } from './checked-code.ts'
import { createToolPool } from './index.ts'
import { STRIP_VERSION, type CodeFile, type StrippedFile, type StripResult } from './jobs/strip.ts'

const FILES: CodeFile[] = [
  { path: 'main.ts', code: 'export const price: number = 1' },
  { path: 'lib/old.js', code: 'var a = 1' },
  { path: 'prices.json', code: '{"a":1}' },
]
const STRIPPED: StripResult = {
  files: [
    { path: 'main.ts', code: 'export const price         = 1', kind: 'module' },
    { path: 'lib/old.js', code: 'var a = 1', kind: 'script' },
    { path: 'prices.json', code: '{"a":1}', kind: 'data' },
  ],
}

/** Enough of the stripper for these files. */
function blanked({ path, code }: CodeFile): StrippedFile {
  if (path.endsWith('.json')) return { path, code, kind: 'data' }
  return path.endsWith('.ts')
    ? { path, code: code.replace(': number', ' '.repeat(8)), kind: 'module' }
    : { path, code, kind: 'script' }
}

/** Of the files below. A new line of it means a new STRIP_VERSION. */
const ANSWERS = { 2: '3ecc9b457867' }

let folder: string
let all: AsyncDisposableStack
const check = vi.fn<(files: readonly CodeFile[]) => Promise<StripResult>>()

beforeEach(() => {
  all = new AsyncDisposableStack()
  folder = join(mkdtempSync(join(tmpdir(), 'm3m-checked-')), 'checked')
  check.mockReset().mockImplementation(async (files) => ({ files: files.map(blanked) }))
})
afterEach(async () => {
  await all.disposeAsync()
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

/** Another agent with the same folder: nothing is remembered but what is on the disk. */
const opened = () => all.use(createCheckedCode(folder, check, silentLogger))
const kept = () => {
  try {
    return readdirSync(folder).filter((name) => !name.endsWith('.part'))
  } catch {
    return []
  }
}
/** The answer does not wait for the disk. */
const written = (count = 1) => vi.waitFor(() => expect(kept()).toHaveLength(count))

it('answers what the stripper answered, by an agent that starts later, without asking it again', async () => {
  expect(await opened().strip(FILES)).toEqual(STRIPPED)
  await written()
  expect(await opened().strip(FILES)).toEqual(STRIPPED)
  expect(check).toHaveBeenCalledTimes(1)
})

it.each<[string, CodeFile[]]>([
  ['a text changed', [{ ...FILES[0]!, code: `${FILES[0]!.code} ` }, ...FILES.slice(1)]],
  ['a path changed', [{ ...FILES[0]!, path: 'main.js' }, ...FILES.slice(1)]],
  ['a file is missing', FILES.slice(1)],
  [
    'text moved from one file to the next',
    [
      { path: 'a', code: 'bc' },
      { path: 'd', code: '' },
    ],
  ],
])('asks again when %s', async (_, files) => {
  await opened().strip(FILES)
  await opened().strip([
    { path: 'a', code: 'b' },
    { path: 'd', code: 'c' },
  ])
  await written(2)
  await opened().strip(files)
  expect(check).toHaveBeenCalledTimes(3)
})

it('keeps nothing of code with a problem', async () => {
  const wrong: StripResult = {
    problems: [{ file: 'main.ts', line: 1, column: 1, severity: 'error', message: 'no' }],
  }
  check.mockResolvedValueOnce(wrong)
  expect(await opened().strip(FILES)).toEqual(wrong)
  expect(await opened().strip(FILES)).toEqual(STRIPPED)
  await written()
  expect(check).toHaveBeenCalledTimes(2)
})

it.each([
  ['nothing', () => ''],
  ['a half', (text: string) => text.slice(0, text.length / 2)],
  ['zeros', (text: string) => '\0'.repeat(text.length)],
  ['other JSON', () => '{"kind":"script"}'],
  ['another number of files', () => '[{"kind":"script"}]'],
  ['an unknown kind', (text: string) => text.replace('module', 'native')],
])('checks again where the disk has %s of it', async (_, torn) => {
  await opened().strip(FILES)
  await written()
  const file = join(folder, kept()[0]!)
  writeFileSync(file, torn(readFileSync(file, 'utf8')))
  expect(await opened().strip(FILES)).toEqual(STRIPPED)
  expect(check).toHaveBeenCalledTimes(2)
})

it('checks where the folder cannot be made', async () => {
  writeFileSync(folder, 'a file in its place')
  expect(await opened().strip(FILES)).toEqual(STRIPPED)
  expect(await opened().strip(FILES)).toEqual(STRIPPED)
  expect(check).toHaveBeenCalledTimes(2)
})

it('forgets the oldest when there are too many, and not what was used since', async () => {
  const code = opened()
  const longAgo = Date.now() / 1000 - 10 * 86_400
  for (let n = 0; n < 500; n++) await code.strip([{ path: 'main.js', code: `var n = ${n}` }])
  await written(500)
  for (const [index, name] of kept().entries())
    utimesSync(join(folder, name), longAgo + index, longAgo + index)
  await code.strip([{ path: 'main.js', code: 'var n = 7' }])
  const young = () =>
    kept().filter((name) => statSync(join(folder, name)).mtimeMs > (longAgo + 86_400) * 1000)
  await vi.waitFor(() => expect(young()).toHaveLength(1))
  const [used] = young()
  await code.strip([{ path: 'main.js', code: 'var n = 500' }])
  await written(375)
  expect(kept()).toContain(used)
})

it('is what a pool with a folder does: the second pool needs no helper', async () => {
  const source = [{ path: 'main.ts', code: 'const a: number = 1' }]
  const answer = { files: [{ path: 'main.ts', code: 'const a         = 1', kind: 'script' }] }
  await using first = createToolPool({ checkedFolder: folder })
  expect(await first.strip(source)).toEqual(answer)
  await written()
  await using second = createToolPool({ checkedFolder: folder })
  expect(await second.strip(source)).toEqual(answer)
  expect(second.pids()).toEqual([])
})

it('has another version when the stripper answers otherwise: what was kept would be taken for its answer', async () => {
  await using pool = createToolPool()
  const answer = await pool.strip([
    { path: 'main.ts', code: 'import { b } from "./b"\nconst a: number = await import(`./${b}`)' },
    { path: 'lib/b.ts', code: 'interface B { c: string }\nexport const b = "c" satisfies string' },
    { path: 'old.js', code: 'import ("./c"); with (Math) { x = 010 }' },
    { path: 'c.js', code: 'module.exports = 1 // import("./d")' },
    { path: 'prices.json', code: '{"a":1}' },
    { path: 'notes.md', code: '# import(' },
  ])
  expect(answer).toHaveProperty('files')
  const digest = createHash('sha256').update(JSON.stringify(answer)).digest('hex').slice(0, 12)
  expect({ [STRIP_VERSION]: digest }).toEqual(ANSWERS)
})

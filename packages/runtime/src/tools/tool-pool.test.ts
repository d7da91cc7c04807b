import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reapProcesses, recordProcess, startTimeOf } from '../supervisor/process-file.ts'
import { createToolPool } from './index.ts'
import type { ToolPool } from './index.ts'

const INNOCENT = { path: 'main.ts', code: 'const price: number = 1' }
const arrows = (levels: number): string => '(a?(b):c=>'.repeat(levels) + '1' + ')'.repeat(levels)

let folder: string
let pool: ToolPool

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-tools-'))
  pool = createToolPool({ processFolder: join(folder, 'processes') })
})
afterAll(async () => {
  await pool[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function problemsOf(...files: { path: string; code: string }[]) {
  const result = await pool.strip(files)
  return 'problems' in result ? result.problems : []
}

async function nextSaveWorks(): Promise<void> {
  expect(await pool.strip([INNOCENT])).toEqual({
    files: [{ path: 'main.ts', code: 'const price         = 1', kind: 'script' }],
  })
}

describe('strip', () => {
  it('blanks types out, so that every position is the author’s', async () => {
    const code = 'interface A { b: string }\nexport const f = (a: A): string => a.b\n'
    const result = await pool.strip([{ path: 'lib/f.ts', code }])
    expect(result).toEqual({
      files: [
        {
          path: 'lib/f.ts',
          code: '                         \nexport const f = (a   )         => a.b\n',
          kind: 'module',
        },
      ],
    })
  })

  it('tells modules, classic scripts and data apart', async () => {
    const result = await pool.strip([
      { path: 'main.js', code: 'import { a } from "./a"' },
      { path: 'old.js', code: 'with (Math) { x = 010 }' },
      { path: 'await.js', code: 'const a = await 1' },
      { path: 'prices.json', code: '{"a":1}' },
      { path: 'notes.md', code: '# ((((' },
    ])
    const kinds = 'files' in result ? result.files.map((file) => file.kind) : result
    expect(kinds).toEqual(['module', 'script', 'module', 'data', 'data'])
  })

  it('finds calls of import(), and nothing that only looks like one', async () => {
    const importsOf = async (code: string, path = 'a.js') => {
      const result = await pool.strip([{ path, code }])
      return 'files' in result ? result.files[0]!.imports : result
    }
    expect(await importsOf(`import('./a')`)).toEqual([0])
    expect(await importsOf(`const a: string = 'b'; void import /* b */ (a)`, 'a.ts')).toEqual([28])
    expect(await importsOf('`${import(1)}`; import(import(2))')).toEqual([3, 16, 23])
    const others = [
      `import a from './a'; import.meta; 'import(1)' + \`import(2)\``,
      `/import(3)/; ({ import(x) {} }).import(4) // import(5)`,
      `class A { import(x) {} static { this.import(6) } #import(x) {} }`,
    ]
    for (const code of others) expect(await importsOf(code)).toBeUndefined()
  })

  it('names file, line and column of the first problem of each file', async () => {
    const problems = await problemsOf(
      { path: 'a.js', code: 'let a = 1\n\tlet b = ;' },
      { path: 'b.js', code: 'import x from "./x"\nconst é = "ё", y = ;' },
      { path: 'c.ts', code: '\n  const x: = 5' },
      { path: 'd.ts', code: 'const a = 1\n   enum Colour {\n red\n}' },
      { path: 'e.json', code: '{"a": 1,\n  b}' },
      { path: 'f.js', code: `${'x'.repeat(5_000)} y` },
      { path: 'good.js', code: 'const a = 1' },
    )
    expect(problems.map((at) => [at.file, at.line, at.column, at.severity])).toEqual([
      ['a.js', 2, 10, 'error'],
      ['b.js', 2, 20, 'error'],
      ['c.ts', 2, 12, 'error'],
      ['d.ts', 2, 4, 'error'],
      ['e.json', 2, 3, 'error'],
      ['f.js', 1, 5_002, 'error'],
    ])
    expect(problems[0]!.message).toBe("Unexpected token ';'")
    expect(problems[3]!.message).toContain('enum is not supported')
  })

  it('runs nothing of what it checks', async () => {
    const code = 'import "data:text/javascript,process.exit()"\nprocess.exit(1); while (true) {}\nexport {}'
    expect(await problemsOf({ path: 'main.js', code })).toEqual([])
  })
})

describe('hostile code is refused in time, and the next innocent save works', () => {
  const cases = {
    '28 nested conditions with arrow functions': arrows(28),
    'the same without brackets': 'a?(b):c=>'.repeat(28) + '1',
    '50,000 nested blocks': '{'.repeat(50_000) + '}'.repeat(50_000),
    '400 KB of brackets': '[({'.repeat(133_334),
    'a chain that overflows the stripper’s stack': '!'.repeat(40_000) + '1',
    'nested templates': '`${'.repeat(20_000) + '1' + '}`'.repeat(20_000),
  }
  for (const [name, code] of Object.entries(cases)) {
    for (const path of ['main.ts', 'main.js']) {
      it(`${name} (${path})`, async () => {
        const from = performance.now()
        const problems = await problemsOf({ path, code })
        expect(performance.now() - from).toBeLessThan(2_000)
        // JavaScript does not go through the type stripper: V8 may well find it right.
        if (path === 'main.ts') expect(problems).toMatchObject([{ file: 'main.ts', line: 1 }])
        await nextSaveWorks()
      })
    }
  }

  it('what no look at the text foresees ends at the deadline and names the file', async () => {
    // Backtracks exponentially in the stripper: 22 levels take over ten seconds.
    const slow = { path: 'lib/slow.ts', code: '<T>(a='.repeat(26) }
    const from = performance.now()
    const [problem] = await problemsOf(INNOCENT, slow)
    expect(problem).toMatchObject({ file: 'lib/slow.ts', line: 1, column: 1 })
    expect(problem!.message).toContain('not finished within')
    expect(performance.now() - from).toBeLessThan(6_000)
    await nextSaveWorks()
  })

  it('leaves ordinary long code alone', async () => {
    const statement = 'const a = x ? (y) : z\nconst f = (b) => `${b ? `(${b}` : "(["}` + /[(]\\//.test(b)\n'
    const lines = statement.repeat(2_000).replaceAll(/const (\w)/g, (_all, name: string) => `var ${name}`)
    expect(await problemsOf({ path: 'main.ts', code: lines })).toEqual([])
    expect(await problemsOf({ path: 'sum.ts', code: '1+'.repeat(3_000) + '1' })).toEqual([])
  })
})

describe('helpers', () => {
  it('an unknown job is a crash with its reason, not a hanging promise', async () => {
    const job = pool.run('nothing' as 'strip', [], { deadlineMs: 5_000 })
    await expect(job).rejects.toMatchObject({
      code: 'TOOL_CRASHED',
      message: expect.stringContaining('no job'),
    })
    await nextSaveWorks()
  })

  it('a killed helper fails its job with the signal and is replaced', async () => {
    const busy = pool.run('strip', [{ path: 'a.ts', code: '<T>(a='.repeat(26) }], { deadlineMs: 10_000 })
    const failed = expect(busy).rejects.toMatchObject({ code: 'TOOL_CRASHED' })
    await nextSaveWorks()
    for (const pid of pool.pids()) process.kill(pid, 'SIGKILL')
    await failed
    await nextSaveWorks()
  })

  it('a helper that died while it was idle, unnoticed so far, costs nobody an answer', async () => {
    await nextSaveWorks()
    for (const pid of pool.pids()) process.kill(pid, 'SIGKILL')
    await nextSaveWorks()
  })

  it('a caller may give a running job up', async () => {
    const controller = new AbortController()
    const busy = pool.run('strip', [{ path: 'a.ts', code: '<T>(a='.repeat(26) }], {
      deadlineMs: 10_000,
      signal: controller.signal,
    })
    controller.abort()
    await expect(busy).rejects.toMatchObject({ code: 'TOOL_ABORTED' })
    await nextSaveWorks()
  })

  it('more jobs than may wait are refused, the others are served in order', async () => {
    await using small = createToolPool({ size: 1, maxWaiting: 1 })
    const first = small.strip([INNOCENT])
    const second = small.strip([INNOCENT])
    await expect(small.strip([INNOCENT])).rejects.toMatchObject({ code: 'TOOL_BUSY' })
    expect([await first, await second]).toHaveLength(2)
  })

  it('too much memory ends a helper before the machine suffers', async () => {
    await using small = createToolPool({ size: 1, rssCapBytes: 20 * 1024 * 1024 })
    const result = await small.strip([INNOCENT, { path: 'slow.ts', code: '<T>(a='.repeat(26) }])
    expect(result).toMatchObject({ problems: [{ message: expect.stringMatching(/memory|broke/) }] })
  })

  it('closing the pool ends its helpers and their files, and settles what waits', async () => {
    const processFolder = join(folder, 'closing')
    const closing = createToolPool({ size: 1, processFolder })
    await closing.strip([INNOCENT])
    const [pid] = closing.pids()
    expect(readdirSync(processFolder)).toEqual([`tool-${pid}.process`])
    const waiting = expect(closing.strip([INNOCENT])).rejects.toMatchObject({ code: 'TOOL_CLOSED' })
    await closing[Symbol.asyncDispose]()
    await waiting
    expect(readdirSync(processFolder)).toEqual([])
    expect(startTimeOf(pid!)).toBeNull()
    await expect(closing.strip([INNOCENT])).rejects.toMatchObject({ code: 'TOOL_CLOSED' })
  })
})

describe('process life', () => {
  it('a helper ends by itself when its parent is killed, even in the middle of an endless job', async () => {
    const parent = join(folder, 'parent.ts')
    const door = new URL('./index.ts', import.meta.url).href
    writeFileSync(
      parent,
      `import { createToolPool } from '${door}'
       const pool = createToolPool({ size: 2 })
       await pool.strip([{ path: 'a.ts', code: '1' }])
       pool.run('strip', [{ path: 'a.ts', code: '<T>(a='.repeat(30) }], { deadlineMs: 60000 }).catch(() => {})
       setTimeout(() => console.log(pool.pids().join(' ')), 200)
       setInterval(() => {}, 1000)`,
    )
    const child = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [text] = (await once(child.stdout, 'data')) as [Buffer]
    const pids = text.toString().trim().split(' ').map(Number)
    expect(pids.length).toBeGreaterThan(0)
    child.kill('SIGKILL')
    await expect.poll(() => pids.filter((pid) => startTimeOf(pid) !== null), { timeout: 5_000 }).toEqual([])
  })

  it('the next start reaps what was left, but never a stranger with a recycled pid', async () => {
    const files = join(folder, 'reap')
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    recordProcess(files, 'tool', left.pid!)
    writeFileSync(
      join(files, 'tool-2.process'),
      JSON.stringify({ pid: stranger.pid, startedAt: 'another boot:1' }),
    )
    writeFileSync(join(files, 'tool-3.process'), '{"pid":-1,"startedAt":"x"}')
    const gone = once(left, 'exit')
    expect(reapProcesses(files)).toBe(1)
    expect(await gone).toEqual([null, 'SIGKILL'])
    expect(startTimeOf(stranger.pid!)).not.toBeNull()
    expect(readdirSync(files)).toEqual([])
    stranger.kill('SIGKILL')
  })
})

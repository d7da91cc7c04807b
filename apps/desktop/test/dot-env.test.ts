import { describe, expect, it } from 'vitest'
import { parseDotEnv, planImport, writeDotEnv } from '../src/renderer/features/environment/dot-env.ts'
import { countChanges, moved, rowOf } from '../src/renderer/features/environment/variable-rows.ts'

const rows = [
  { key: 'NAME', type: 'string', value: 'm3m' },
  { key: 'LIMIT', type: 'integer', value: 5 },
  { key: 'TOKEN', type: 'secret', value: null },
  { key: 'NOTE', type: 'text', value: 'two "lines"\nand $more \\ end' },
  { key: 'CONFIG', type: 'json', value: { a: [1] } },
].map((variable, id) => rowOf(variable as Parameters<typeof rowOf>[0], id))

describe('a .env', () => {
  it('is read with comments, quotes, several lines and export', () => {
    const text = `\uFEFF# a comment\r\nA=1\r\nexport B = two words # not this\nC="x\\ny \\"z\\""\nD='raw \\n'\nE="first\nsecond"\n\nF=\nG=a=b#c\n`
    expect(parseDotEnv(text)).toEqual({
      problems: [],
      entries: [
        { key: 'A', value: '1' },
        { key: 'B', value: 'two words' },
        { key: 'C', value: 'x\ny "z"' },
        { key: 'D', value: 'raw \\n' },
        { key: 'E', value: 'first\nsecond' },
        { key: 'F', value: '' },
        { key: 'G', value: 'a=b#c' },
      ],
    })
  })

  it('with garbage is refused by line', () => {
    const text = 'A=1\nnot a line\n1A=2\n__proto__x y=3\nA=4\nB="open\nC=5'
    expect(parseDotEnv(text).problems).toEqual([
      { line: 2, kind: 'form' },
      { line: 3, kind: 'key' },
      { line: 4, kind: 'form' },
      { line: 5, kind: 'twice' },
      { line: 6, kind: 'quote' },
    ])
    expect(parseDotEnv('\u0000\u0001PNG\n'.repeat(1_000)).problems.length).toBeLessThan(60)
    expect(parseDotEnv(`A="${'x'.repeat(500_000)}`).problems).toEqual([{ line: 1, kind: 'quote' }])
  })

  it('is written without secrets, and read back as it was', () => {
    const text = writeDotEnv(rows)
    expect(text).toContain('# TOKEN is a secret and was left out.')
    const { entries, problems } = parseDotEnv(text)
    expect(problems).toEqual([])
    expect(Object.fromEntries(entries.map(({ key, value }) => [key, value]))).toEqual({
      NAME: 'm3m',
      LIMIT: '5',
      NOTE: 'two "lines"\nand $more \\ end',
      CONFIG: '{"a":[1]}',
    })
  })

  it('shows what it would do: known keys keep type and place', () => {
    const entries = [
      { key: 'NEW', value: 'x' },
      { key: 'LIMIT', value: '7' },
      { key: 'NAME', value: 'm3m' },
      { key: 'TOKEN', value: 'fresh' },
    ]
    const plan = planImport(rows, entries, 10)
    expect(plan).toMatchObject({ added: ['NEW'], changed: ['LIMIT', 'TOKEN'], unchanged: 1 })
    expect(plan.rows.map(({ key, type }) => `${key} ${type}`)).toEqual([
      'NAME string',
      'LIMIT integer',
      'TOKEN secret',
      'NOTE text',
      'CONFIG json',
      'NEW string',
    ])
  })
})

describe('the order of variables', () => {
  it('is changed by one place, and counts as one change', () => {
    const next = moved(rows, 1, -1)
    expect(next.map(({ id }) => id)).toEqual([1, 0, 2, 3, 4])
    expect(countChanges(next, rows)).toBe(1)
    expect(countChanges(moved(rows, 0, -1), rows)).toBe(0)
  })
})

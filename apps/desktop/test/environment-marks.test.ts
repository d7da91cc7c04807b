import { expect, it } from 'vitest'
import { marksOfEnvironment } from '../src/renderer/features/pipeline/environment-marks.ts'

const marksOf = (code: string, path = 'main.js') =>
  marksOfEnvironment([{ path, code }], ['KNOWN'], (name) => `${name}?`).map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  )

it('a variable that is asked for and not there is marked at its name', () => {
  expect(marksOf('const a = env.get(\'KNOWN\')\n  env.get( "MISSING" )\n$env.get(`ALSO`)')).toEqual([
    '2:13 MISSING?',
    '3:11 ALSO?',
  ])
  expect(marksOf("const url = `https://${env.get('HOST')}/x`")).toEqual(['1:33 HOST?'])
})

it.each([
  "env.get('LIMIT', 10)",
  'env.get(name)',
  "env.get('A' + name)",
  "env.getInt('LIMIT')",
  "ctx.env.get('MISSING')",
  "// env.get('MISSING')",
  "/* a\n env.get('MISSING') */",
  `const help = "env.get('MISSING')"`,
])('nothing is said about %s', (code) => expect(marksOf(code)).toEqual([]))

it('files that are no code are left alone', () => {
  expect(marksOf("env.get('MISSING')", 'notes.md')).toEqual([])
  expect(marksOf("env.get('MISSING')", 'lib/a.ts')).toEqual(['1:10 MISSING?'])
})

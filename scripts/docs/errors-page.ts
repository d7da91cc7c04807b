import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { errorTableOf, type ErrorSpec } from '@m3m/base'
import { root } from '../build/targets.ts'

interface Row {
  code: string
  spec: ErrorSpec<never>
  source: string
}

/** docs/reference/errors.md: every code of every table, once. @throws when two tables share a code. */
export async function errorsPage(): Promise<string> {
  const rows = await errorRows()
  const seen = new Map<string, string>()
  for (const row of rows) {
    const other = seen.get(row.code)
    if (other && other !== row.source)
      throw new Error(`${row.code} is declared in ${other} and in ${row.source}`)
    seen.set(row.code, row.source)
  }
  const lines = rows
    .filter((row, index) => rows.findIndex((other) => other.code === row.code) === index)
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(
      ({ code, spec, source }) =>
        `| \`${code}\` | ${spec.blame} | ${spec.status} | ${exampleText(spec)} | ${source} |`,
    )
  return [
    '# Errors',
    '',
    'Every failure carries a code of this table, who has to act (`user`, `host`: whoever runs the machine, `bug`: us), an',
    'HTTP status and a text that names the value at fault and the cure. In tRPC it is `error.data.app`, in REST the body,',
    'in service code `error.code`. Values in braces stand for what the text names; in tRPC and REST they are in `params`, too.',
    '',
    '| Code | Blame | Status | Text | Declared in |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

async function errorRows(): Promise<Row[]> {
  const files = globSync('{packages,apps,plugins}/*/src/**/*.errors.ts', { cwd: root }).sort()
  const rows: Row[] = []
  for (const file of ['packages/base/src/errors.ts', ...files]) {
    const path = join(root, file)
    const module: Record<string, unknown> = await import(pathToFileURL(path).href)
    for (const exported of Object.values(module)) {
      const table = errorTableOf(exported)
      for (const [code, spec] of Object.entries(table ?? {}))
        rows.push({ code, spec, source: relative(root, path) })
    }
  }
  return rows
}

function exampleText(spec: ErrorSpec<never>): string {
  return (
    spec
      .text(placeholder('') as never)
      .replaceAll('|', '\\|')
      .replaceAll('\n', ' ')
      // A number made of one by arithmetic, such as megabytes of bytes.
      .replace(/\bNaN\b/g, '{number}')
  )
}

/** A value that shows itself as `{name}` whatever a text does with it: index it, call its methods, join it. */
function placeholder(name: string): unknown {
  const show = () => (name === '' ? '{value}' : `{${name}}`)
  return new Proxy(show, {
    get(_target, key) {
      if (key === Symbol.toPrimitive || key === 'toString' || key === 'toISOString') return show
      if (key === Symbol.iterator) return function* () {}
      if (typeof key === 'symbol') return undefined
      return name === '' ? placeholder(key) : placeholder(name)
    },
    apply: () => placeholder(name),
  })
}

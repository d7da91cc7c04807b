import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, silentLogger } from '@m3m/base'
import { afterAll, expect, test } from 'vitest'
import { createStarterShelf } from './starter-shelf.ts'

const folder = mkdtempSync(join(tmpdir(), 'm3m-starters-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function starter(name: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, path, '..'), { recursive: true })
    writeFileSync(join(folder, name, path), text)
  }
}

test('starters are read with all their code, in order; a damaged one is left out and named', async () => {
  const lines: string[] = []
  const logger = createLogger((line) => void lines.push(line))
  starter('later', { 'starter.yaml': 'title: Later\nsummary: Two\norder: 9\n', 'main.js': '// two' })
  starter('first', {
    'starter.yaml': 'title: First\nsummary: One\norder: 1\n',
    'main.ts': '// one',
    'lib/price.ts': '// price',
    'notes.md': 'no code',
  })
  starter('damaged', { 'starter.yaml': 'title: [', 'main.js': '' })
  starter('no-title', { 'starter.yaml': 'summary: Nothing\n', 'main.js': '' })
  const starters = await createStarterShelf(folder, logger).all()
  expect(starters.map(({ slug, files }) => [slug, files.map(({ path }) => path)])).toEqual([
    ['first', ['lib/price.ts', 'main.ts']],
    ['later', ['main.js']],
  ])
  expect(lines.filter((line) => line.includes('a starter is left out'))).toHaveLength(2)
  expect(lines.join()).toContain('damaged')
})

test('without a folder there are none', async () => {
  const shelf = createStarterShelf(join(folder, 'none'), silentLogger)
  expect(await shelf.all()).toEqual([])
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf } from './export-lines.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-lines-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = []
  for await (const line of lines) read.push(line)
  return read
}

test('lines come whole, whatever the reader cuts them into', async () => {
  // Longer than the 64 KiB that a file is read in, with letters of two bytes on every border.
  const long = 'я'.repeat(100_001)
  const files = [file('1', `{"a":1}\n\n${long}\n`), file('2', `{"b":2}\n${long}`)]
  expect(await all(linesOf(files))).toEqual(['{"a":1}', long, '{"b":2}', long])
})

test('a line that no export has is refused before it is in memory', async () => {
  const read = all(linesOf([file('3', `ok\n${'0'.repeat(5_000_000)}`)], 100_000))
  await expect(read).rejects.toMatchObject({ code: 'PROJECT_IMPORT_INVALID' })
})

// npm run docs: writes docs/reference. With --check: compares instead, for `npm run check`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './build/targets.ts'
import { errorsPage } from './docs/errors-page.ts'
import { runtimePages } from './docs/runtime-pages.ts'

const pages: Record<string, () => Promise<string>> = {
  'docs/reference/errors.md': errorsPage,
  ...runtimePages(),
}

const check = process.argv.includes('--check')
for (const [path, render] of Object.entries(pages)) {
  const file = join(root, path)
  const text = await render()
  if (check) {
    if (read(file) === text) continue
    console.error(`${path} differs from what the sources say`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    console.log(`wrote ${path}`)
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

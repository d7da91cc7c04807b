import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleAgent } from './agent-bundle.ts'
import { root } from './targets.ts'

// Below the repository, where the bundle finds the packages that stay outside of it.
const parent = join(root, 'node_modules/.cache')
mkdirSync(parent, { recursive: true })
const outdir = mkdtempSync(join(parent, 'bundle-test-'))
const home = mkdtempSync(join(parent, 'bundle-home-'))
test.beforeAll(() => bundleAgent(root, outdir))
test.afterAll(() => [outdir, home].forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function run(args: string[], preload = ''): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, ...args],
    { cwd: home, encoding: 'utf8', env: { ...process.env, M3M_HOME: home }, timeout: 60_000 },
  )
  return { status, output: stdout + stderr }
}

test('the bundle answers as the sources do', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'apps/agent/package.json'), 'utf8')) as {
    version: string
  }
  const { status, output } = run([join(outdir, 'agent.js'), 'version'])
  expect(output).toContain(version)
  expect(status).toBe(0)
})

/** Bundles that are loaded with one, for whatever it is started. */
function loadedWith(name: string): Set<string> {
  const loaded = new Set([name])
  for (const file of loaded)
    for (const [, next] of readFileSync(join(outdir, file), 'utf8').matchAll(
      /(?:from|import)\s*"\.\/([\w.-]+\.js)"/g,
    ))
      loaded.add(next!)
  return loaded
}

test('a runner loads the driver of the database when a service asks for data, and not before', () => {
  const driver = (file: string) =>
    readFileSync(join(outdir, file), 'utf8').includes('mongodb/lib/mongo_client.js')
  const files = readdirSync(outdir).filter((name) => name.endsWith('.js'))
  expect(files.filter(driver)).toHaveLength(1)
  const runner = files.find((name) => name.startsWith('runner-'))!
  expect([...loadedWith(runner)].filter(driver)).toEqual([])
})

test('an error speaks of the line in the source', () => {
  const planted = `const { on } = process
    process.on = function (event, ...rest) {
      if (event === 'uncaughtException' && process.argv.includes('serve')) throw new Error('planted')
      return on.call(this, event, ...rest)
    }`
  const { output } = run([join(outdir, 'agent.js'), 'serve'], planted)
  const line = readFileSync(join(root, 'apps/agent/src/cli/serve.ts'), 'utf8')
    .split('\n')
    .findIndex((text) => text.includes("process.on('uncaughtException'"))
  expect(output).toContain('planted')
  expect(output).toContain(`apps/agent/src/cli/serve.ts:${line + 1}:`)
})

test('processes of ours are started from the bundle, everything else is found in its place', () => {
  const texts = readdirSync(outdir)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(outdir, name), 'utf8'))
  const addresses = new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/new URL\("([^"]+)",\s*import\.meta\.url\)/g)].map(([, path]) => path!),
    ),
  )
  expect([...addresses]).toEqual(
    expect.arrayContaining([
      'compose-runner.js',
      'datastore.js',
      'datastore-reader.js',
      'tool-process.js',
      'zip-process.js',
      'plugin-probe.js',
      'plugin.js',
    ]),
  )
  const leadsTo = (pattern: RegExp) => [...addresses].filter((path) => pattern.test(path))
  expect(leadsTo(/compose-runner\.ts|-process\.ts|process\/main\.ts|worker\/main\.ts$/)).toEqual([])
})

test('no module of Node is asked for names that nobody uses: some load half of it', () => {
  const imported = readdirSync(outdir)
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => [...readFileSync(join(outdir, name), 'utf8').matchAll(/from\s*["']node:(\w+)["']/g)])
    .map(([, module]) => module)
  // Those of the entries and of esbuild's banner, which have no such names.
  expect([...new Set(imported)].sort()).toEqual(['module', 'url'])
})

test('packages that are loaded at their first use are found where they are installed', () => {
  const late = readdirSync(outdir)
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => [...readFileSync(join(outdir, name), 'utf8').matchAll(/import\("(\.\/\.\.[^"]+)"\)/g)])
    .map(([, path]) => join(outdir, path!))
  expect(late.filter((path) => path.includes('selfsigned'))).toHaveLength(1)
  expect(late.filter((path) => !existsSync(path))).toEqual([])
})

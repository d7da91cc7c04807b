import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { addressesOfBundles } from './scripts/test/test-processes.ts'

type ProjectOptions = NonNullable<TestProjectInlineConfiguration['test']>

// One run for every package: real isolates, the embedded datastore, real files. Forks, because isolated-vm
// must not be loaded twice into the threads of one process and needs --no-node-snapshot.
const common: ProjectOptions = {
  pool: 'forks',
  execArgv: ['--no-node-snapshot'],
  // Against hanging, not for speed: many tests start real agents, and the machine may be busy with something else.
  // the long form of fuzz and kill tests does ten to twenty times as much
  testTimeout: process.env['M3M_LONG'] ? 20 * 60_000 : 60_000,
  hookTimeout: 120_000,
}

/**
 * Tests whose own process holds no isolates, and of code that keeps nothing in its modules: they share two processes, which
 * load each module once. A process for each file took half as long as the tests themselves.
 */
const PLAIN = [
  'packages/{base,core,data}/src/**/*.test.ts',
  'packages/datastore/src/{bson,commands,server,store,suite,transfer}/**/*.test.ts',
  'apps/desktop/src/**/*.test.ts',
]

const ELSEWHERE = ['**/node_modules/**', 'apps/desktop/src/renderer/**']

function project(name: string, test: ProjectOptions): TestProjectInlineConfiguration {
  return { plugins: [addressesOfBundles()], test: { ...common, name, ...test } }
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: ['./scripts/test/global-setup.ts'],
    projects: [
      project('plain', { include: PLAIN, exclude: ELSEWHERE, isolate: false }),
      project('processes', {
        include: ['{packages,apps,plugins}/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts'],
        exclude: [...ELSEWHERE, ...PLAIN],
      }),
    ],
  },
})

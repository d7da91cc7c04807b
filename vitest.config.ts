import { defineConfig } from 'vitest/config'
import { addressesOfBundles } from './scripts/test/test-processes.ts'

// One run for every package: real isolates, the embedded datastore, real files. Forks, because isolated-vm
// must not be loaded twice into the threads of one process and needs --no-node-snapshot.
export default defineConfig({
  plugins: [addressesOfBundles()],
  test: {
    include: [
      '{packages,apps,plugins}/*/{src,test}/**/*.test.ts',
      'regressions/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'apps/desktop/src/renderer/**'],
    pool: 'forks',
    execArgv: ['--no-node-snapshot'],
    maxWorkers: 2,
    // Against hanging, not for speed: many tests start real agents, and the machine may be busy with something else.
    // the long form of fuzz and kill tests does ten to twenty times as much
    testTimeout: process.env['M3M_LONG'] ? 20 * 60_000 : 60_000,
    hookTimeout: 120_000,
    globalSetup: ['./scripts/test/global-setup.ts'],
  },
})

// The entry of runner processes in this package's tests and benchmarks: projects without models, variables or goals.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import type { RunnerData } from '../runner/runner.options.ts'

// As the product's own entry does: type stripping would take most of a start.
enableCompileCache(join(import.meta.dirname, '../../../../node_modules/.cache/m3m'))
const { runRunner } = await import('../runner/run-runner.ts')

const nothing = {
  project: () => ({ environment: { read: async () => ({ revision: 0, values: {} }) } }),
  goals: {},
  queue: {},
  recordEvents: {},
} as unknown as RunnerData

await runRunner({ openData: async () => nothing })

// The entry of runner processes in this package's tests and benchmarks: a runner without project data.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// As the product's own entry does: type stripping would take most of a start.
enableCompileCache(join(import.meta.dirname, '../../../../node_modules/.cache/m3m'))
const { runRunner } = await import('../runner/run-runner.ts')

await runRunner({
  openData: () => Promise.reject(new Error('this test has no project data')),
})

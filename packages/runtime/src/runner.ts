export { runRunner } from './runner/run-runner.ts'
export type { RunnerData, RunnerOptions } from './runner/runner.options.ts'

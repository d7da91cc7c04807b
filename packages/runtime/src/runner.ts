export type { RunnerData, RunnerOptions } from './runner/runner.options.ts'

export { createToolPool } from './tool-pool.ts'
export type { RunJobOptions, ToolPool, ToolPoolOptions } from './tool-pool.ts'
export type { CodeFile, StrippedFile, StripProblem, StripResult } from './jobs/strip.ts'
export { toolErrors } from './tools.errors.ts'

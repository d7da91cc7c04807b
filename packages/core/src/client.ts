/**
 * The door for the panel and the desktop app: the type of the API, and schemas to build forms by. Browser-safe:
 * nothing but zod and other schema files is reached from here at run time.
 */
export type { AppRouter } from './app-router.ts'
export type { AppErrorData } from './trpc.ts'
export * from '@m3m/data/schema'
export * from './ids.schema.ts'
export * from './features/access/access.schema.ts'
export * from './features/agent/agent.schema.ts'
export * from './features/audit/audit.schema.ts'
export * from './features/auth/auth.schema.ts'
export * from './features/environment/environment.schema.ts'
export * from './features/goals/goals.schema.ts'
export * from './features/metrics/metrics.schema.ts'
export * from './features/models/models.schema.ts'
export * from './features/pipeline/pipeline.schema.ts'
export * from './features/projects/api-keys.schema.ts'
export * from './features/projects/projects.schema.ts'
export * from './features/queue/queue.schema.ts'
export * from './features/records/records.schema.ts'
export * from './features/runs/runs.schema.ts'
export * from './features/runtime/runtime.schema.ts'
export * from './features/users/users.schema.ts'

/** Browser-safe shapes: zod only. Reached by core/client, and so by the panel. */
export * from './fields/fields.schema.ts'
export * from './models/models.schema.ts'
export * from './query/query.schema.ts'
export * from './query/aggregate.schema.ts'
export * from './records/records.schema.ts'
export * from './environment/environment.schema.ts'
export * from './goals/goals.schema.ts'
export * from './queue/queue.schema.ts'

// The part of the records engine this room uses, under the names it has there.
import type { FindOptions, ProjectRecords } from '@m3m/data'

export type { FindOptions, ProjectRecords }
export type Filter = NonNullable<Parameters<ProjectRecords['find']>[1]>
export type ListQuery = NonNullable<Parameters<ProjectRecords['list']>[1]>
export type BatchOperation = Parameters<ProjectRecords['batch']>[0][number]
export type RecordData = Parameters<ProjectRecords['create']>[1]

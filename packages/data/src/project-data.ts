import type { EnvironmentService } from './environment/environment.service.ts'
import type { ConversionProgress } from './models/conversions.ts'
import type { Model, ModelChanges, ModelInput, ModelUpdate } from './models/models.schema.ts'
import type { ImportRecords } from './portable/import-records.ts'
import type { ExportQuery } from './portable/portable.schema.ts'
import type { AggregateQuery, AggregateRow } from './query/aggregate.schema.ts'
import type { Filter, ListQuery } from './query/query.schema.ts'
import type {
  BatchOperation,
  BulkOperation,
  BulkReport,
  DataRecord,
  RecordData,
  RecordList,
  Revision,
} from './records/records.schema.ts'

/** Models of one project. `ref` is a model's id or slug everywhere. */
export interface ProjectModels {
  /** By name. */
  list(): Promise<Model[]>
  /** @throws MODEL_NOT_FOUND */
  get(ref: string): Promise<Model>
  /** @throws MODEL_SLUG_TAKEN, MODEL_INVALID (with `fields` keyed `fields.<key>.<option>`), MODEL_LIMIT */
  create(input: ModelInput): Promise<Model>
  /**
   * Changes a model and what its records need for it. With `dryRun` nothing is written and the answer says
   * what would become of the records. `force` goes on although values break: those that cannot be converted
   * to a new type are removed, those that break a stricter rule stay until their record is changed.
   * @throws MODEL_NOT_FOUND, MODEL_INVALID, MODEL_SLUG_TAKEN, MODEL_CHANGED (stale `version`),
   *   MODEL_BUSY (still converting),
   *   MODEL_WOULD_BREAK (records do not fit; never with
   *   `force`, but for a unique index that records violate)
   */
  update(
    ref: string,
    changes: ModelChanges,
    options?: { dryRun?: boolean; force?: boolean },
  ): Promise<ModelUpdate>
  /** Removes the model, its records and their revisions. @throws MODEL_NOT_FOUND, MODEL_IN_USE (a ref points at it) */
  remove(ref: string): Promise<void>
  /** How far conversions of changed models are, by model id; a model without one is not in it. */
  progress(): Promise<Record<string, ConversionProgress>>
  /** Records of each model, by model id; estimated from the collection's size. */
  counts(): Promise<Record<string, number>>
  /** Bytes of the records of each model, by model id; without indexes. */
  sizes(): Promise<Record<string, number>>
}

/** Options of the reads in service code (runtime-api.md, `database`). */
export interface FindOptions {
  sort?: string | readonly string[] | undefined
  /** 1 to 1,000; default 100. */
  limit?: number | undefined
  skip?: number | undefined
  /** 1-based; the page of `limit` records to give. */
  page?: number | undefined
  fields?: string | readonly string[] | undefined
  expand?: string | readonly string[] | undefined
}

/** Narrows one call: ends it at the caller's deadline. */
export interface CallOptions {
  /** Milliseconds the datastore may take; default and most 10,000. */
  maxTimeMs?: number
}

/**
 * Records of one project. Every call validates against the model as it is now and checks every name in a
 * filter, sort or field list against it.
 *
 * All throw MODEL_NOT_FOUND for an unknown model and QUERY_* for a bad filter, sort or field list; writes
 * throw RECORD_INVALID (`fields` by key, codes FIELD_*) and RECORD_NOT_UNIQUE; nothing is written then.
 */
export interface ProjectRecords {
  list(model: string, query?: ListQuery): Promise<RecordList>
  /** @throws RECORD_NOT_FOUND */
  get(model: string, id: string, options?: Pick<FindOptions, 'fields' | 'expand'>): Promise<DataRecord>
  create(model: string, data: RecordData): Promise<DataRecord>
  /**
   * Changes the given fields; modifiers (`$inc` …) are for {@link ProjectRecords.findOneAndUpdate}.
   * @throws RECORD_NOT_FOUND, RECORD_CHANGED (409) when `version` is not the record's
   */
  update(model: string, id: string, data: RecordData, options?: { version?: number }): Promise<DataRecord>
  /** @throws RECORD_NOT_FOUND, RECORD_CHANGED, RECORD_IN_USE (a ref with `restrict` points at it) */
  remove(model: string, id: string, options?: { version?: number }): Promise<void>

  count(model: string, filter?: Filter): Promise<number>
  /** At most `limit` (100) records. */
  find(model: string, filter?: Filter, options?: FindOptions): Promise<DataRecord[]>
  findOne(model: string, filter?: Filter, options?: FindOptions): Promise<DataRecord | null>
  findById(
    model: string,
    id: string,
    options?: Pick<FindOptions, 'fields' | 'expand'>,
  ): Promise<DataRecord | null>
  /** All or none are valid; at most 1,000. */
  insertMany(model: string, data: readonly RecordData[]): Promise<DataRecord[]>
  /** How many were changed. */
  updateMany(model: string, filter: Filter, data: RecordData): Promise<number>
  /** How many were removed. */
  deleteMany(model: string, filter: Filter): Promise<number>
  /** Updates the first match or creates one. */
  upsert(model: string, filter: Filter, data: RecordData): Promise<DataRecord>
  /** `update` is a set of fields, or modifiers `$set $inc $unset $push $pull $addToSet $min $max`. `null` when nothing matches. */
  findOneAndUpdate(
    model: string,
    filter: Filter,
    update: Record<string, unknown>,
    options?: { returnNew?: boolean; sort?: string },
  ): Promise<DataRecord | null>
  /** Up to 100 writes, validated together; see records/bulk-records.ts. @throws RECORD_LIMIT, RECORD_INVALID */
  bulk(model: string, operations: readonly BulkOperation[]): Promise<BulkReport>
  /** The same over several models: one transaction where the server has them. @throws RECORD_LIMIT, RECORD_INVALID */
  batch(operations: readonly BatchOperation[]): Promise<BulkReport>
  /** The newest first, at most 500; empty when the model keeps none. */
  revisions(model: string, id: string): Promise<Revision[]>
  /** Back from the trash; with `version` back to that revision, also of a removed record. @throws RECORD_NOT_FOUND, RECORD_INVALID (a ref's target is gone) */
  restore(model: string, id: string, options?: { version?: number | undefined }): Promise<DataRecord>
  /** Removes these for good, without `ids` all that is in the trash. How many. */
  emptyTrash(model: string, ids?: readonly string[]): Promise<number>
  /** Figures by groups, for charts and REST. */
  aggregate(model: string, query: AggregateQuery): Promise<AggregateRow[]>
  /** A MongoDB pipeline of listed read stages; `from` and `coll` are slugs. At most 10,000 documents. */
  pipeline(model: string, pipeline: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** The records that match as CSV, JSON or NDJSON, in pieces of text. @throws IMPORT_OPTION */
  export(model: string, query: ExportQuery): AsyncGenerator<string>
  /** All rows are validated before one is written. `progress` is told after each batch. @throws IMPORT_SYNTAX, IMPORT_OPTION, IMPORT_LIMIT */
  import: ImportRecords
  /** At most 1,000 different values of a field. */
  distinct(model: string, field: string, filter?: Filter): Promise<unknown[]>
}

/** The variables of one project. */
export type ProjectEnvironment = Pick<EnvironmentService, 'list' | 'save' | 'read'>

/** Everything of one project, in the name of one actor. */
export interface ProjectData {
  readonly projectId: string
  readonly models: ProjectModels
  readonly records: ProjectRecords
  readonly environment: ProjectEnvironment
}

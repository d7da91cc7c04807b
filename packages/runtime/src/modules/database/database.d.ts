/** What every record has. */
interface RecordBase {
  readonly id: string
  /** The same as `id`. */
  readonly _id: string
  readonly createdAt: Date
  readonly updatedAt: Date
  /** 1 when new; grows by one with each change. */
  readonly version: number
}

/** `$eq $ne $gt $gte $lt $lte $in $nin $exists $regex $contains $startsWith $endsWith $and $or $nor $not`, or the text grammar. */
type RecordFilter<R = any> = string | ({ [K in keyof R]?: any } & Record<string, any>)

/** Options of reads. */
interface FindOptions {
  /** `'-createdAt,name'` */
  sort?: string | string[]
  /** Default 100, at most 1,000. */
  limit?: number
  skip?: number
  /** 1-based page of `limit` records. */
  page?: number
  /** `'title,owner.name'` */
  fields?: string | string[]
  /** Refs to follow: `'owner,items.product'` */
  expand?: string | string[]
}

/** One page of records. */
interface RecordPage<R> {
  items: R[]
  total: number
  /** The count ended at `countUpTo`: there are more than `total` and `pages` say. */
  totalIsAtLeast?: true
  page: number
  pageSize: number
  pages: number
}

/** The records of one model. Every write is checked by the model; an unknown field or operator is an error that names it. */
interface Collection<R = RecordBase & Record<string, any>, N = Record<string, any>> {
  /** Stores a new record and returns it. @throws RECORD_INVALID (with `fields`), RECORD_NOT_UNIQUE */
  insert(data: N): Promise<R>
  /** Stores all or none; at most 1,000. @throws RECORD_INVALID, RECORD_NOT_UNIQUE */
  insertMany(data: N[]): Promise<R[]>
  /** Records that match, at most `limit`. */
  find(filter?: RecordFilter<R>, options?: FindOptions): Promise<R[]>
  /** The first record that matches, or `null`. */
  findOne(filter?: RecordFilter<R>, options?: FindOptions): Promise<R | null>
  /** The record, or `null`. */
  findById(id: string, options?: Pick<FindOptions, 'fields' | 'expand'>): Promise<R | null>
  /** As `find`; `order: 'desc'` turns `sort` round. For scripts of the original. */
  findWithOptions(filter?: RecordFilter<R>, options?: FindOptions & { order?: 'asc' | 'desc' }): Promise<R[]>
  /** One page with the total. `countUpTo` ends the count of what a filter finds there; `skipTotal` leaves it at -1. */
  paginate(
    filter?: RecordFilter<R>,
    options?: FindOptions & { pageSize?: number; search?: string; skipTotal?: boolean; countUpTo?: number },
  ): Promise<RecordPage<R>>
  /** How many records match. */
  count(filter?: RecordFilter<R>): Promise<number>
  /** At most 1,000 different values of a field. */
  distinct(field: keyof R & string, filter?: RecordFilter<R>): Promise<any[]>
  /**
   * A MongoDB pipeline over the model's records, at most 30 stages that read: `$match $group $project $addFields $set $unset
   * $sort $limit $skip $count $unwind $lookup $unionWith $facet $bucket $bucketAuto $sortByCount $replaceRoot $replaceWith
   * $sample`. `from` and `coll` are models of this project. At most 10,000 rows.
   * @throws QUERY_OPERATOR_UNKNOWN (it names what is refused), QUERY_SHAPE, QUERY_TOO_COMPLEX, MODEL_NOT_FOUND
   */
  aggregate<T = Record<string, any>>(pipeline: Record<string, any>[]): Promise<T[]>
  /** Changes the given fields and returns the record. @throws RECORD_NOT_FOUND, RECORD_INVALID */
  update(id: string, data: Partial<N>): Promise<R>
  /** Changes all that match; returns how many. */
  updateMany(filter: RecordFilter<R>, data: Partial<N>): Promise<number>
  /** Changes the first that matches, or stores a new record. */
  upsert(filter: RecordFilter<R>, data: N): Promise<R>
  /** Removes a record. @throws RECORD_NOT_FOUND, RECORD_IN_USE */
  delete(id: string): Promise<boolean>
  /** Removes all that match; returns how many. */
  deleteMany(filter: RecordFilter<R>): Promise<number>
  /** Changes the first that matches by `$set $inc $unset $push $pull $addToSet $min $max`; returns it as it was, or as it is with `returnNew`. */
  findOneAndUpdate(
    filter: RecordFilter<R>,
    update: Record<string, any>,
    options?: { returnNew?: boolean; sort?: string },
  ): Promise<R | null>
  /** All records that match, step by step: `for await (const record of …)`. Not in `$database`. */
  stream(
    filter?: RecordFilter<R>,
    options?: Pick<FindOptions, 'sort' | 'fields' | 'expand'>,
  ): AsyncGenerator<R>
}

/** One write of `database.batch`. */
type BatchOperation =
  | { model: string; op: 'create'; data: Record<string, any> }
  | { model: string; op: 'update'; id: string; data: Record<string, any>; version?: number }
  | { model: string; op: 'remove'; id: string; version?: number }

/** The project's records: `database.<model>`. In `$database` calls block, dates are ISO texts, and an unknown model reads as empty. */
interface DatabaseModule extends ProjectModels {
  /** The records of a model by its slug. */
  collection<K extends keyof ProjectModels>(model: K): ProjectModels[K]
  collection(model: string): Collection
  /**
   * Up to 100 writes over any models, in their order: all are kept or none. On a MongoDB without replica set those before the
   * one that fails stay. `data` of an update may hold modifiers, `{ $inc: { stock: -1 } }`.
   * @returns what each made, `null` for a removal. @throws what the write that failed throws; RECORD_LIMIT, RECORD_BATCH_BUSY
   */
  batch(operations: BatchOperation[]): Promise<((RecordBase & Record<string, any>) | null)[]>
}

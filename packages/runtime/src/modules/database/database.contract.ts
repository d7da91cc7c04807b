/** A record as it crosses: dates are dates. */
export interface StoredRecord {
  id: string
  _id: string
  createdAt: Date
  updatedAt: Date
  [field: string]: unknown
}

/** Options of reads. */
export interface FindOptions {
  sort?: string | readonly string[]
  limit?: number
  skip?: number
  page?: number
  pageSize?: number
  fields?: string | readonly string[]
  expand?: string | readonly string[]
  search?: string
  cursor?: string
}

/** One page. */
export interface StoredPage {
  items: StoredRecord[]
  total: number
  totalIsAtLeast?: true
  page: number
  pageSize: number
  pages: number
  cursor?: string
}

/** Records a step of `stream` reads. */
export const STREAM_STEP = 200

import type { Document } from 'mongodb'

/** What of a collection's options goes with it: which documents may be stored, how many, and how they compare. */
const KEPT = ['validator', 'validationLevel', 'validationAction', 'capped', 'size', 'max', 'collation']

/** The options with which a collection is made elsewhere, out of what `listCollections` says of it. */
export function keptOptions(options: Document | undefined): Document {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([name]) => KEPT.includes(name)))
}

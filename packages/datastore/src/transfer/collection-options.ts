import type { Document } from 'mongodb'

/** What of a collection's options goes with it: which documents may be stored, and how many. */
const KEPT = ['validator', 'validationLevel', 'validationAction', 'capped', 'size', 'max']

/** The options with which a collection is made elsewhere, out of what `listCollections` says of it. */
export function keptOptions(options: Document | undefined): Document {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([name]) => KEPT.includes(name)))
}

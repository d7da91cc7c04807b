/** A row's place, its document, and, where an index was asked, the key it was found by. */
type Found = readonly [rid: number, doc: Uint8Array, key: Uint8Array]

export interface Page {
  found: Found[]
  /** There may be more behind it. */
  more: boolean
}

/** No page holds more bytes than this and one document: 512 documents of 16 MB would be the end of the process. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024

/** So many of the largest documents that come with their rows are a page. */
const INLINE_BYTES = 8 * 1024

/**
 * SQL for the document of a row: null where it is large, so that all rows can be read in one call (row by row costs a
 * third more). `length` of a blob is read from the row's head.
 */
export function inlineDocument(column: string): string {
  return `iif(length(${column})>${INLINE_BYTES},NULL,${column})`
}

/**
 * Takes rows until they are as many, or as large, as a page may be.
 *
 * @param rows as `all` gives them, at most `limit`, their documents by {@link inlineDocument}
 * @param documentOf reads the document of a row that came without it
 */
export function takePage(rows: unknown, limit: number, documentOf: (rid: number) => Uint8Array): Page {
  const found: Found[] = []
  let bytes = 0
  for (const [rid, inline, key] of rows as [number, Uint8Array | null, Uint8Array][]) {
    const doc = inline ?? documentOf(rid)
    found.push([rid, doc, key])
    bytes += doc.length
    if (bytes > MAX_PAGE_BYTES) return { found, more: true }
  }
  return { found, more: found.length >= limit }
}

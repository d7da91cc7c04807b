import { keyAfter } from '../bson/key.ts'
import { rowOf, type Collection, type Row } from '../store/collection.ts'
import type { Index } from '../store/indexes.ts'
import { inlineDocument, takePage, type Page } from '../store/page.ts'
import type { Plan } from './plan.ts'

/** Reads candidates a page at a time; an empty page is the end. No statement stays open between pages. */
type Scan = () => Row[]

const MAX_PAGE = 512

interface PageSizes {
  /** Of the first page: small where few rows are wanted. */
  first: number
  /** No page has more; {@link MAX_PAGE} unless said. */
  most?: number | undefined
}

/** Opens the scan of a plan. */
export function openScan(collection: Collection, plan: Plan, sizes: PageSizes): Scan {
  const most = Math.min(sizes.most ?? MAX_PAGE, MAX_PAGE)
  const pages: Pages = { size: Math.min(Math.max(sizes.first, 1), most), most }
  if (plan.kind === 'collection') return scanCollection(collection, plan.reverse, pages)
  if (plan.kind === 'union') return scanUnion(collection, plan, sizes)
  if (plan.index) plan.index.uses++
  else collection.idUses++
  return plan.kind === 'id' ? scanIds(collection, plan, pages) : scanIndex(collection, plan, pages)
}

function scanUnion(collection: Collection, plan: Plan, sizes: PageSizes): Scan {
  const scans = plan.parts!.map((part) => openScan(collection, part, sizes))
  const seen = new Set<number>()
  return () => {
    while (scans.length > 0) {
      const page = scans[0]!()
      if (page.length === 0) scans.shift()
      const rows = page.filter((row) => !seen.has(row.rid) && seen.add(row.rid))
      if (rows.length > 0) return rows
    }
    return []
  }
}

const DOCUMENT = inlineDocument('doc')

interface Pages {
  size: number
  most: number
}

function grow(pages: Pages): void {
  pages.size = Math.min(pages.size * 4, pages.most)
}

function scanCollection(collection: Collection, reverse: boolean, pages: Pages): Scan {
  const which = reverse ? 'rid<? ORDER BY rid DESC' : 'rid>? ORDER BY rid'
  const text = `SELECT rid, ${DOCUMENT} FROM {c} WHERE ${which} LIMIT ?`
  let last = reverse ? Number.MAX_SAFE_INTEGER : -1
  return () => {
    const { found } = takePage(collection.sql(text).all(last, pages.size), pages.size, collection.documentOf)
    const rows = found.map((row) => rowOf(row)!)
    last = rows.at(-1)?.rid ?? last
    grow(pages)
    return rows
  }
}

interface Ranges {
  low: Buffer
  high: Buffer
}

/** Runs `read` over range after range until a page has rows. */
function overRanges(plan: Plan, read: (range: Ranges, next: () => void) => Row[]): Scan {
  const ranges = plan.ranges.map((range) => ({ ...range }))
  if (plan.reverse) ranges.reverse()
  return () => {
    while (ranges.length > 0) {
      const rows = read(ranges[0]!, () => ranges.shift())
      if (rows.length > 0) return rows
    }
    return []
  }
}

function scanIds(collection: Collection, plan: Plan, pages: Pages): Scan {
  const order = plan.reverse ? 'DESC' : 'ASC'
  const text = `SELECT rid, ${DOCUMENT}, id FROM {c} WHERE id>=? AND id<? ORDER BY id ${order} LIMIT ?`
  return overRanges(plan, (range, next) => {
    const rows = collection.sql(text).all(range.low, range.high, pages.size)
    const { found, more } = takePage(rows, pages.size, collection.documentOf)
    if (!more) {
      next()
    } else {
      const id = Buffer.from(found.at(-1)![2])
      if (plan.reverse) range.high = id
      else range.low = Buffer.concat([id, Buffer.from([0])])
      grow(pages)
    }
    return found.map((row) => rowOf(row)!)
  })
}

function scanIndex(collection: Collection, plan: Plan, pages: Pages): Scan {
  const index = plan.index!
  const seen = new Set<number>()
  let after: { key: Buffer; rid: number } | null = null
  return overRanges(plan, (range, next) => {
    for (;;) {
      const { found, more } = indexPage(collection, index, {
        range,
        after,
        reverse: plan.reverse,
        limit: pages.size,
      })
      if (!more) {
        next()
        after = null
      } else {
        const [rid, , key] = found.at(-1)!
        after = { key: Buffer.from(key), rid }
        grow(pages)
      }
      const rows = found.map((row) => rowOf(row)!).filter((row) => !seen.has(row.rid) && seen.add(row.rid))
      if (rows.length > 0 || after === null) return rows
    }
  })
}

interface PageRequest {
  range: Ranges
  after: { key: Buffer; rid: number } | null
  reverse: boolean
  limit: number
}

function indexPage(collection: Collection, index: Index, request: PageRequest): Page {
  const { range, after, reverse, limit } = request
  const order = reverse ? 'DESC' : 'ASC'
  const select = `SELECT x.rid, ${inlineDocument('c.doc')}, x.k FROM {x} x CROSS JOIN c${collection.id} c ON c.rid=x.rid WHERE x.k>=? AND x.k<?`
  const tail = `ORDER BY x.k ${order}, x.rid ${order} LIMIT ?`
  const { documentOf } = collection
  if (!after)
    return takePage(index.sql(`${select} ${tail}`).all(range.low, range.high, limit), limit, documentOf)
  const low = reverse ? range.low : after.key
  const high = reverse ? keyAfter(after.key) : range.high
  const beyond = `AND (x.k, x.rid) ${reverse ? '<' : '>'} (?, ?)`
  const rows = index.sql(`${select} ${beyond} ${tail}`).all(low, high, after.key, after.rid, limit)
  return takePage(rows, limit, documentOf)
}

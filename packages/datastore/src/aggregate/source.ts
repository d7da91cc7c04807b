import type { Doc, Value } from '../bson/value.ts'
import type { Variables } from '../expression/scope.ts'
import type { Pause } from '../server/pause.ts'

/** Gives documents a page at a time; an empty page is the end. */
export type DocSource = (pause: Pause) => Promise<Doc[]>

/** What stages need of the world around a pipeline. */
export interface PipelineWorld {
  db: string
  variables: Variables
  /** Opens another collection or view of the store. @throws Unauthorized (13) */
  openNamespace(db: string, name: string, pipeline: readonly Doc[], variables: Variables): DocSource
  /** Finds the documents of a collection whose `path` equals one of the values, by an index where there is one. */
  lookup(target: { db: string; name: string }, path: string, values: readonly Value[]): DocSource
  /** Writes of `$out` and `$merge`; absent where a pipeline must not write (views, sub-pipelines). */
  output?: PipelineOutput | undefined
}

/** Where `$out` and `$merge` write. */
export interface PipelineOutput {
  replaceCollection(db: string, name: string, source: DocSource, pause: Pause): Promise<void>
  merge(target: MergeTarget, docs: readonly Doc[]): Promise<void>
}

export interface MergeTarget {
  db: string
  name: string
  on: readonly string[]
  matched: 'replace' | 'keepExisting' | 'merge' | 'fail' | ((old: Doc, fresh: Doc) => Doc)
  notMatched: 'insert' | 'discard' | 'fail'
}

/** A compiled stage. */
export type Stage = (source: DocSource) => DocSource

/** Compiles one stage. */
export type StageMaker = (spec: Value, world: PipelineWorld, name: string) => Stage

/** Gives a fixed list once. */
export function sourceOf(docs: readonly Doc[]): DocSource {
  let rest = [...docs]
  return async () => {
    const page = rest.slice(0, PAGE)
    rest = rest.slice(PAGE)
    return page
  }
}

/** Documents handed on at once. */
const PAGE = 256

/** Reads all there is. */
export async function drain(source: DocSource, pause: Pause): Promise<Doc[]> {
  const all: Doc[] = []
  for (let page = await source(pause); page.length > 0; page = await source(pause)) {
    for (const doc of page) all.push(doc)
    const resting = pause.rest()
    if (resting) await resting
  }
  return all
}

/** A stage that looks at each document alone. */
export function mapStage(map: (doc: Doc) => Doc | readonly Doc[] | null): Stage {
  return (source) => async (pause) => {
    for (;;) {
      const page = await source(pause)
      if (page.length === 0) return []
      const out: Doc[] = []
      for (const doc of page) {
        const mapped = map(doc)
        if (mapped instanceof Map) out.push(mapped)
        else if (mapped) for (const item of mapped as readonly Doc[]) out.push(item)
      }
      if (out.length > 0) return out
      const resting = pause.rest()
      if (resting) await resting
    }
  }
}

/** A stage that needs everything before it gives anything. */
export function blockingStage(run: (source: DocSource, pause: Pause) => Promise<Doc[]>): Stage {
  return (source) => {
    let result: DocSource | null = null
    return async (pause) => {
      result ??= sourceOf(await run(source, pause))
      return result(pause)
    }
  }
}

import type { Model } from '@m3m/data/schema'
import type { z } from 'zod'
import type { CoreServices } from '../../app-router.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import { rank } from './rank.ts'
import { SEARCH_KINDS } from './search.schema.ts'
import type { SearchHit, SearchKind, SearchResult, searchInput } from './search.schema.ts'

/** One question to everything one may see. */
export interface SearchService {
  /**
   * Projects the operator is a member of, and what is in the one named (who may not view it does not get here).
   * A source that fails or is slow is left out and named in `missed`.
   */
  everywhere(actor: SignedIn, input: z.output<typeof searchInput>): Promise<SearchResult>
}

export type SearchDeps = Pick<
  CoreServices,
  'projects' | 'models' | 'records' | 'metrics' | 'pipeline' | 'actions' | 'storage'
>

const MAX_OF_KIND = 5
/** One waits for it with every letter: what takes longer is not shown. */
const SOURCE_MS = 1_500
/** Models whose records are searched; each is a query of the datastore. */
const MAX_MODELS = 8
const MAX_DETAIL = 120

type Source = (
  query: string,
  context: { actor: SignedIn; projectId: string; project: string },
) => Promise<SearchHit[]>

export function createSearch(services: SearchDeps): SearchService {
  const inProject = createSources(services)
  return {
    async everywhere(actor, { query, projectId }) {
      const mine = await services.projects.list(actor)
      const hits = mine.map(({ id, name, slug }): SearchHit => ({
        kind: 'project',
        key: id,
        title: name,
        detail: slug,
        project: slug,
      }))
      const project = mine.find(({ id }) => id === projectId)
      const missed: SearchKind[] = []
      if (project) {
        const context = { actor, projectId: project.id, project: project.slug }
        const asked = (Object.keys(inProject) as (keyof typeof inProject)[]).map(async (kind) => {
          try {
            hits.push(...(await inTime(inProject[kind](query, context))))
          } catch {
            missed.push(kind)
          }
        })
        await Promise.all(asked)
      }
      return { hits: best(query, hits), missed }
    },
  }
}

function createSources({
  models,
  records,
  metrics,
  pipeline,
  actions,
  storage,
}: SearchDeps): Record<Exclude<SearchKind, 'project'>, Source> {
  return {
    model: async (_query, { actor, projectId, project }) =>
      (await models.list(actor, projectId)).map(({ name, slug }) => ({
        kind: 'model',
        key: slug,
        title: name,
        detail: slug,
        project,
      })),
    route: async (_query, { projectId, project }) =>
      (await metrics.routes(projectId)).map(({ method, pattern }) => ({
        kind: 'route',
        key: `${method} ${pattern}`,
        title: pattern,
        detail: method,
        project,
      })),
    release: async (_query, { projectId, project }) =>
      (await pipeline.releases(projectId)).map(({ version, tag, comment }) => ({
        kind: 'release',
        key: version,
        title: version,
        detail: [tag, comment].filter(Boolean).join(' · ').slice(0, MAX_DETAIL),
        project,
      })),
    action: async (_query, { projectId, project }) =>
      (await actions.list(projectId)).map(({ slug, name, description }) => ({
        kind: 'action',
        key: slug,
        title: name || slug,
        detail: description.slice(0, MAX_DETAIL),
        project,
      })),
    file: async (query, { projectId, project }) =>
      // The page of files searches by patterns; here a star is a character.
      (await storage.search({ projectId, path: '', query: query.replaceAll(/[*?]/g, '') || query })).entries
        .filter(({ kind }) => kind === 'file')
        .map(({ name, path }) => ({ kind: 'file', key: path, title: name, detail: path, project })),
    async record(query, { actor, projectId, project }) {
      const searched = (await models.list(actor, projectId)).slice(0, MAX_MODELS)
      const found = searched.map(async (model) => {
        const list = { projectId, model: model.slug, search: query, pageSize: MAX_OF_KIND, page: 1 }
        const { items } = await records.list(actor, list)
        return items.map((record): SearchHit => {
          const detail = model.name
          return {
            kind: 'record',
            key: record.id,
            title: labelOf(model, record),
            detail,
            project,
            model: model.slug,
          }
        })
      })
      return (await Promise.all(found)).flat()
    },
  }
}

/** The first text of a record; its id when it has none. */
function labelOf({ fields }: Model, record: { id: string; [key: string]: unknown }): string {
  const texts = fields.filter(({ type }) => type === 'string' || type === 'email' || type === 'text')
  const value = texts.map(({ key }) => record[key]).find((each) => typeof each === 'string' && each !== '')
  return (value as string | undefined)?.slice(0, MAX_DETAIL) ?? record.id
}

/** Records were matched by their fields, of which the title may show none: they stay, after the rest. */
function best(query: string, hits: readonly SearchHit[]): SearchHit[] {
  const ranked = hits
    .map((hit) => ({ hit, score: hit.kind === 'record' ? Math.max(1, rank(query, hit)) : rank(query, hit) }))
    .filter(({ score }) => score > 0)
    .toSorted(
      (a, b) => b.score - a.score || SEARCH_KINDS.indexOf(a.hit.kind) - SEARCH_KINDS.indexOf(b.hit.kind),
    )
  const counts = new Map<SearchKind, number>()
  return ranked.flatMap(({ hit }) => {
    const count = (counts.get(hit.kind) ?? 0) + 1
    counts.set(hit.kind, count)
    return count <= MAX_OF_KIND ? [hit] : []
  })
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), SOURCE_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'

/** Kinds in the order in which equally good hits are shown. */
export const SEARCH_KINDS = ['project', 'model', 'route', 'release', 'action', 'file', 'record'] as const
export type SearchKind = (typeof SEARCH_KINDS)[number]

/** Shorter ones fit almost everything. */
export const MIN_SEARCH_CHARS = 2

/** Without `projectId` projects only are looked at. */
export const searchInput = z.strictObject({
  query: z.string().trim().min(MIN_SEARCH_CHARS, 'Type at least two characters.').max(100),
  projectId: idSchema.optional(),
})

export interface SearchHit {
  kind: SearchKind
  /** What the kind's page is opened by: id of a project or record, slug of a model or action, version, path. */
  key: string
  title: string
  /** What tells it from others of that title; may be empty. */
  detail: string
  /** Slug of the project it is in, or is. */
  project: string
  /** Of a record: the slug of its model. */
  model?: string
}

export interface SearchResult {
  /** Best first; at most 5 of a kind. */
  hits: SearchHit[]
  /** Kinds that could not be looked at in time; what they have is not among the hits. */
  missed: SearchKind[]
}

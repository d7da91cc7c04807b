import type { FastifyInstance, FastifyRequest } from 'fastify'
import { signedFileAddress } from '@m3m/data'
import type { PreviewShape } from '../../adapters/previews.ts'
import type { PanelDeps } from '../panel-deps.ts'
import { sendPreview } from '../sent-preview.ts'
import { sendStored } from '../stored-file.ts'
import { readThumb, THUMB_FORMS } from '../thumb.ts'
import { BASE, type Named, type RestProjects } from './rest-project.ts'
import { restErrors } from './rest.errors.ts'

/** Life of a link: at least a minute, at most a week. */
const MAX_LINK_S = 7 * 86_400
const MIN_LINK_S = 60

/**
 * `GET …/{id}/files/{field}`: the file that a field names, for a program that has a key but no way into the
 * storage; with `thumb=100x100` a small picture of it. With `link=<seconds>` it answers `{url, expiresAt}` instead: an
 * address for who has no key.
 */
export function recordFiles(app: FastifyInstance, deps: PanelDeps, projects: RestProjects): void {
  app.get<Named>(`${BASE}/:id/files/:field`, async (request, reply) => {
    const { data, model, caller } = await projects.openModel(request)
    const { id, field } = request.params
    const isFile = model.fields.some(({ key, type }) => key === field && type === 'file')
    if (!isFile)
      throw restErrors.REST_FILE({ field: field.slice(0, 100), problem: 'it is no field of files' })
    const record = await data.records.get(model.slug, id, { fields: field })
    const index = wholeNumber(request, 'index', { min: 0, max: 1000 }) ?? 0
    const path = [record[field]].flat()[index]
    if (typeof path !== 'string')
      throw restErrors.REST_FILE({ field, problem: 'the record has no such file' })
    const seconds = wholeNumber(request, 'link', { min: MIN_LINK_S, max: MAX_LINK_S })
    const { projectId } = caller
    const thumb = thumbOf(request)
    if (seconds !== undefined) {
      const untilMs = Date.now() + seconds * 1000
      const url = signedFileAddress(
        deps.fileLinkKey(projectId),
        { projectId, path, thumb: thumb?.text },
        untilMs,
      )
      return { url, expiresAt: new Date(untilMs).toISOString() }
    }
    if (thumb) return sendPreview(request, reply, await deps.previews.of(projectId, path, thumb.shape))
    const { download } = request.query as { download?: unknown }
    return sendStored(request, reply, {
      storage: deps.storedFiles.of(projectId),
      path,
      download: download !== undefined,
      cacheControl: 'private, no-cache',
    })
  })
}

/** @throws REST_QUERY */
function thumbOf({ query }: FastifyRequest): { text: string; shape: PreviewShape } | undefined {
  const { thumb: text } = query as { thumb?: unknown }
  if (text === undefined) return undefined
  const shape = typeof text === 'string' ? readThumb(text) : null
  if (shape) return { text: text as string, shape }
  throw restErrors.REST_QUERY({ parameter: 'thumb', problem: THUMB_FORMS })
}

/** @throws REST_QUERY */
function wholeNumber(
  { query }: FastifyRequest,
  name: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const given = (query as Record<string, unknown>)[name]
  if (given === undefined) return undefined
  const number = typeof given === 'string' && given !== '' ? Number(given) : Number.NaN
  if (Number.isInteger(number) && number >= min && number <= max) return number
  throw restErrors.REST_QUERY({ parameter: name, problem: `it is a whole number from ${min} to ${max}` })
}

import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { exportOptionsSchema, importOptionsSchema } from '@m3m/core/client'
import { storageErrors } from '@m3m/data'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { operatorOf } from './route-guard.ts'
import { disposition } from './stored-file.ts'
import { sentPart, type SentPart } from './upload-parts.ts'

type OfProject = { Params: { projectId: string }; Querystring: Record<string, string> }

/**
 * One project out of this agent and into it: `GET /files/exports/{projectId}` for its owners, written as it is read
 * (also by ticket), and `PUT /files/imports` of such a file for those who may create projects; with `content-range` and
 * `x-upload-id` it may be cut and goes on, as uploads to a storage do.
 */
export async function movingRoutes(app: FastifyInstance, deps: PanelDeps): Promise<void> {
  // Bodies are read by the handler as they come.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))

  app.get<OfProject>('/files/exports/:projectId', async (request, reply) => {
    const { projectId } = request.params
    const options = parsed(exportOptionsSchema, switches(request.query))
    const { slug } = await deps.core.services.moving.describe(projectId)
    const body = new PassThrough()
    void reply.headers({
      'content-type': 'application/zstd',
      'content-disposition': disposition('attachment', `${slug}.m3m.tar.zst`),
      'cache-control': 'no-store',
    })
    // A failure ends the connection before the sums: whoever imports what has come is told that it was cut.
    deps.moving.export(body, { projectId, actor: operatorOf(request), options }).catch((error: unknown) => {
      deps.logger.error('an export was cut', { projectId, error })
      body.destroy(error as Error)
    })
    return reply.send(body)
  })

  app.put<{ Querystring: Record<string, string> }>('/files/imports', async (request, reply) => {
    try {
      const actor = operatorOf(request)
      const options = parsed(importOptionsSchema, switches(request.query))
      const taken = (file: string) => deps.moving.import({ file, actor, isRoot: actor.user.root, options })
      const part = sentPart(request)
      if (part) return await receivePart(request, reply, { deps, userId: actor.userId, part, taken })
      refuseEarly(request, deps.storedFiles.uploadBytes)
      return await received(request, deps, taken)
    } catch (error) {
      // The rest of the body is not waited for.
      void reply.header('connection', 'close')
      throw error
    }
  })

  // Gives a cut one up: `x-upload-id` and `content-range: bytes */total` say which.
  app.delete('/files/imports', async (request) => {
    const part = sentPart(request)
    if (!part) throw httpErrors.HTTP_BODY({ reason: 'only unfinished imports are removed here' })
    await deps.moving.waiting.discard({ ...part, userId: operatorOf(request).userId })
    return {}
  })
}

interface ArchivePart<T> {
  deps: PanelDeps
  userId: string
  part: SentPart
  taken: (file: string) => Promise<T>
}

/** 200 with the project that was made of the whole, 202 with how much has come before that. */
async function receivePart<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  { deps, userId, part, taken }: ArchivePart<T>,
): Promise<T | { receivedBytes: number }> {
  const { waiting } = deps.moving
  const { startBytes, ...archive } = { ...part, userId }
  const outcome =
    startBytes === null
      ? { receivedBytes: await waiting.received(archive) }
      : await waiting.receive({ ...archive, startBytes }, request.raw, taken)
  if ('made' in outcome) return outcome.made
  void reply.code(202)
  return outcome
}

/** The body as a file for the time of `work`; bytes are counted as they come, whatever the head said of them. */
async function received<T>(
  request: FastifyRequest,
  { moving, storedFiles }: PanelDeps,
  work: (file: string) => Promise<T>,
): Promise<T> {
  await mkdir(moving.folder, { recursive: true, mode: 0o700 })
  const scratch = await mkdtemp(join(moving.folder, '.incoming-'))
  try {
    const file = join(scratch, 'archive')
    const limit = storedFiles.uploadBytes
    await pipeline(
      request.raw,
      async function* (body: AsyncIterable<Buffer>) {
        let bytes = 0
        for await (const chunk of body) {
          bytes += chunk.length
          if (bytes > limit) throw tooLarge(limit)
          yield chunk
        }
      },
      createWriteStream(file, { flags: 'wx', mode: 0o600 }),
    )
    return await work(file)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function refuseEarly({ headers }: FastifyRequest, limit: number): void {
  if (Number(headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
}

const tooLarge = (limit: number) => storageErrors.STORAGE_TOO_LARGE({ path: 'the export', limit })

/** `?files=false`: words of a query as the schema wants them. */
function switches({ ticket: _ticket, ...query }: Record<string, string>): Record<string, string | boolean> {
  const entries = Object.entries(query)
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value === 'true' || value === 'false' ? value === 'true' : value]),
  )
}

interface Schema<T> {
  safeParse(
    input: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } }
}

function parsed<T>(schema: Schema<T>, input: unknown): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  throw httpErrors.HTTP_BODY({ reason: `${path.map(String).join('.') || 'the query'}: ${message}` })
}

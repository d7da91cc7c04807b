import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import fastify, { type FastifyInstance } from 'fastify'
import { AppError, baseErrors, isDiskFull, newId } from '@m3m/base'
import { databaseFault } from '@m3m/data'
import { auditRoutes } from './audit-routes.ts'
import { authRoutes } from './auth-routes.ts'
import { avatarRoutes } from './avatar-routes.ts'
import { backupRoutes } from './backup-routes.ts'
import { fileRoutes } from './file-routes.ts'
import { httpErrors } from './http.errors.ts'
import { mcpRoutes } from './mcp/mcp-routes.ts'
import { metricsRoutes } from './metrics/metrics-routes.ts'
import { movingRoutes } from './moving-routes.ts'
import type { PanelDeps } from './panel-deps.ts'
import { PANEL_HEADERS } from './panel-headers.ts'
import { previewRoutes } from './preview-routes.ts'
import { guardRoutes } from './route-guard.ts'
import { signedFileRoutes } from './signed-file-routes.ts'
import { storageRoutes } from './storage-routes.ts'
import { rateHeaders, refusedRateOf } from './rest/rest-caller.ts'
import { restOrigin } from './rest/rest-origins.ts'
import { recordFileRoutes } from './record-file-routes.ts'
import { restRoutes } from './rest/rest-routes.ts'
import { trpcRoutes } from './trpc-routes.ts'
import { createTrpcSocket, refuse, type TrpcSocket } from './trpc-socket.ts'
import { uiRoutes } from './ui-routes.ts'

const API = /^\/(?:trpc|auth|files|api|mcp|metrics|health)(?:\/|\?|$)/
/** fastify's own default, and enough for what is not `/trpc`. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** The panel's port, not listening yet. */
export interface PanelServer {
  server: Server
  socket: TrpcSocket
}

/**
 * One HTTP port for panel, API and (for programs) services. Services are answered before fastify sees the
 * request; everything else carries the panel's headers and obeys its origins.
 */
export async function createPanelServer(
  deps: PanelDeps,
  createServer: (listener: RequestListener) => Server,
): Promise<PanelServer> {
  const { front } = deps
  const app = fastify({
    serverFactory: (handle) =>
      createServer((request, response) => {
        if (front.owns(request.url!)) front.request(request, response, 'panel')
        else handle(request, response)
      }),
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    // A batch of tRPC names its procedures in the path.
    routerOptions: { maxParamLength: 5000 },
    logger: false,
  })
  app.addContentTypeParser(
    ['application/octet-stream', 'image/png', 'image/jpeg', 'image/webp'],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  )
  originRules(app, deps)
  guardRoutes(app, deps)
  errorAnswers(app, deps)
  app.get('/health', () => ({ status: 'ok' }))
  await app.register((scope) => trpcRoutes(scope, deps))
  await app.register(async (scope) => authRoutes(scope, deps))
  fileRoutes(app, deps)
  avatarRoutes(app, deps)
  auditRoutes(app, deps)
  backupRoutes(app, deps)
  await app.register((scope) => storageRoutes(scope, deps))
  await app.register((scope) => signedFileRoutes(scope, deps))
  previewRoutes(app, deps)
  await app.register(async (scope) => recordFileRoutes(scope, deps))
  await app.register((scope) => movingRoutes(scope, deps))
  await app.register((scope) => restRoutes(scope, deps))
  mcpRoutes(app, deps)
  metricsRoutes(app, deps)
  await uiRoutes(app, deps.uiFolder)
  await app.ready()
  const socket = createTrpcSocket(deps)
  app.server.on('upgrade', (request, stream, head) => upgrade({ deps, socket, request, stream, head }))
  return { server: app.server, socket }
}

interface Upgrade {
  deps: PanelDeps
  socket: TrpcSocket
  request: IncomingMessage
  stream: Duplex
  head: Buffer
}

function upgrade({ deps, socket, request, stream, head }: Upgrade): void {
  if (deps.front.owns(request.url!)) deps.front.upgrade(request, stream, head, 'panel')
  else if (socket.owns(request.url!)) socket.upgrade(request, stream, head)
  else refuse(stream, '404 Not Found')
}

function originRules(app: FastifyInstance, { core, origins, peerOf, ready }: PanelDeps): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(PANEL_HEADERS)
    if (!API.test(request.url)) return
    const peer = peerOf(request.raw)
    if (!request.url.startsWith('/health')) await ready
    const isOurs = origins.mayCall(peer)
    const cors = isOurs ? origins.corsOrigin(peer) : await restOrigin(core, request.url, peer)
    if (!isOurs && cors === null) throw httpErrors.HTTP_FOREIGN_ORIGIN({ origin: peer.origin! })
    if (cors === null) return
    void reply.headers({
      'access-control-allow-origin': cors,
      'access-control-expose-headers':
        'content-disposition, content-range, etag, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after',
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'origin',
    })
    if (request.method !== 'OPTIONS') return
    await reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers':
          'authorization, content-range, content-type, if-match, if-none-match, last-event-id, range, trpc-accept, x-m3m, x-upload-id',
        'access-control-max-age': '600',
      })
      .send()
  })
}

function errorAnswers(app: FastifyInstance, { logger }: PanelDeps): void {
  app.setErrorHandler(async (error, request, reply) => {
    const shape = (error instanceof AppError ? error : translated(error)).toShape()
    if (shape.blame === 'bug')
      logger.error('request failed', {
        method: request.method,
        url: request.url.split('?', 1)[0],
        code: shape.code,
        error,
      })
    const rate = refusedRateOf(error)
    if (rate) void reply.headers({ ...rateHeaders(rate), 'retry-after': String(rate.retryAfterS) })
    return reply.code(shape.status).send({ error: shape })
  })
}

/** fastify's own refusals (a body that is no JSON, or too long) have a status; the rest is ours to mend. */
function translated(error: unknown): AppError {
  const { statusCode, message } = error as { statusCode?: number; message?: string }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return AppError.fromShape({
      ...httpErrors.HTTP_BODY({ reason: message ?? 'unknown' }).toShape(),
      status: statusCode,
    })
  if (isDiskFull(error)) return httpErrors.HTTP_DISK_FULL({}, { cause: error })
  return databaseFault(error) ?? baseErrors.INTERNAL_BUG({ requestId: newId() })
}

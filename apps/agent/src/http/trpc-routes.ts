import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { FastifyInstance } from 'fastify'
import type { AppRouter } from '@m3m/core'
import type { PanelDeps } from './panel-deps.ts'
import { requestInput } from './request-input.ts'

/** A batch of a page's first paint has a dozen calls; more than this is nobody's page. */
const MAX_BATCH = 100
/** A branch of the largest size that pipeline.schema.ts takes, JSON-escaped. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024

/** `/trpc` over HTTP. The socket is trpc-socket.ts. */
export async function trpcRoutes(app: FastifyInstance, deps: PanelDeps): Promise<void> {
  const { core, peerOf, cookie } = deps
  app.addHook('onRoute', (route) => {
    route.bodyLimit = BODY_LIMIT_BYTES
  })
  await app.register(fastifyTRPCPlugin<AppRouter>, {
    prefix: '/trpc',
    trpcOptions: {
      router: core.router,
      maxBatchSize: MAX_BATCH,
      // A query with a long filter comes as POST: it is no longer than a mutation may be, and carries a bearer token.
      allowMethodOverride: true,
      createContext: ({ req, res }) => {
        const peer = peerOf(req.raw)
        return core.createContext({
          ...requestInput(req.raw, peer),
          setRefreshCookie: (token, expiresAt) => {
            const value = cookie.write(token, { expiresAt, secure: peer.protocol === 'https' })
            void res.header('set-cookie', value)
          },
        })
      },
    },
  })
}

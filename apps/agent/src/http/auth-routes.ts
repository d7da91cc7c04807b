import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasCode } from '@m3m/base'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { requestInput } from './request-input.ts'

/**
 * The only routes that read a cookie. Ports of one host are one site, so SameSite does not keep a service's
 * page out: the exact Origin does, and a header that a form cannot send.
 */
export function authRoutes(app: FastifyInstance, deps: PanelDeps): void {
  const { core, origins, peerOf, cookie } = deps

  app.addHook('onRequest', async (request) => {
    const peer = peerOf(request.raw)
    const site = request.headers['sec-fetch-site']
    const sameOrigin = site === undefined || site === 'same-origin'
    if (!origins.isPanel(peer) || !sameOrigin || request.headers['x-m3m'] === undefined)
      throw httpErrors.HTTP_NOT_FROM_PANEL({ path: request.url })
  })

  const setCookie = (request: FastifyRequest, reply: FastifyReply, token: string | null, expiresAt: Date) => {
    const secure = peerOf(request.raw).protocol === 'https'
    return reply.header('set-cookie', cookie.write(token, { expiresAt, secure }))
  }

  app.post('/auth/refresh', async (request, reply) => {
    const token = cookie.read(request.raw)
    // A first visit is no failure: browsers would write a 401 into their console.
    if (token === null) return reply.code(204).send()
    try {
      const from = requestInput(request.raw, peerOf(request.raw))
      const { refreshToken, refreshExpiresAt, ...renewal } = await core.services.auth.refresh(token, from)
      void setCookie(request, reply, refreshToken, refreshExpiresAt)
      return renewal
    } catch (error) {
      if (hasCode(error, 'AUTH_BAD_REFRESH')) void setCookie(request, reply, null, new Date(0))
      throw error
    }
  })

  app.post('/auth/logout', async (request, reply) => {
    await core.services.auth.logout({ refreshToken: cookie.read(request.raw) ?? undefined })
    void setCookie(request, reply, null, new Date(0))
    return {}
  })
}

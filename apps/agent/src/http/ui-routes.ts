import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { httpErrors } from './http.errors.ts'

/** Paths that are never a page of the panel, whatever comes after them. */
const NOT_PAGES = /^\/(?:trpc|auth|files|api|r|health|metrics|mcp|assets)(?:\/|$)|^\/bot-/

const NOT_BUILT = `<!doctype html>
<meta charset="utf-8"><title>m3m</title>
<h1>The agent runs, its panel is not built</h1>
<p>Run <code>npm run build</code> in the project's folder (<code>npm start</code> does it by itself), then load this page again.</p>
`

/**
 * The built panel: hashed assets are kept for ever, pages are asked for again each time; a path of the panel's
 * own router answers with index.html.
 */
export async function uiRoutes(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    suppressWarning: true,
    cacheControl: false,
    index: 'index.html',
    decorateReply: true,
    setHeaders: (reply, path) => {
      const hashed = path.includes('/assets/')
      void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0]!
    const isPage = /^(?:GET|HEAD)$/.test(request.method) && !NOT_PAGES.test(path) && !/\.\w+$/.test(path)
    if (!isPage) throw httpErrors.HTTP_NO_ROUTE({ method: request.method, path })
    if (!existsSync(join(folder, 'index.html')))
      return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT)
    return reply.sendFile('index.html')
  })
}

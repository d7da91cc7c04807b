import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { contentPolicy } from './content-policy.ts'

/** Where the pages of the app live. The agents answer CORS for exactly this origin (docs: wire, Origins). */
export const APP_ORIGIN = 'app://m3m'

const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/**
 * Answers `app://m3m/…` from the renderer's build. A path without a file ending is a page of the single-page
 * app and gets `index.html`; a file that is not there, or not inside `root`, is 404.
 *
 * @param root folder of the renderer's build
 * @param agentUrl what the page may connect to; asked at every answer
 */
export function createAppFiles(options: {
  root: string
  agentUrl: () => string | null
}): (request: Request) => Promise<Response> {
  const { root, agentUrl } = options
  return async (request) => {
    const url = new URL(request.url)
    if (`${url.protocol}//${url.host}` !== APP_ORIGIN) return refusal(404)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405)
    const name = fileNameOf(url.pathname)
    const content = name === null ? null : await readInside(root, name)
    if (name === null || content === null) return refusal(404)
    const headers = headersFor(name, agentUrl())
    return new Response(request.method === 'HEAD' ? null : content, { headers })
  }
}

function fileNameOf(pathname: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(pathname)
  } catch {
    return null
  }
  // Backslashes are separators on Windows, a colon names a stream or a drive there, NUL ends a name.
  if (/[\\:\0]/.test(path) || path.split('/').some((part) => part.startsWith('.'))) return null
  return extname(path) === '' ? 'index.html' : path.slice(1)
}

async function readInside(root: string, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    // By real paths, so that a symbolic link cannot lead out.
    const [base, path] = await Promise.all([realpath(root), realpath(join(root, name))])
    if (!path.startsWith(base + sep)) return null
    return new Uint8Array(await readFile(path))
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

function headersFor(name: string, agentUrl: string | null): Record<string, string> {
  return {
    'content-type': MEDIA_TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream',
    'content-security-policy': contentPolicy(agentUrl),
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  }
}

function refusal(status: 404 | 405): Response {
  return new Response(null, { status, headers: { 'content-security-policy': "default-src 'none'" } })
}

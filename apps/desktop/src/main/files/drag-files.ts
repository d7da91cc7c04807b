import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ServicesReach } from '../agents/agent-services.ts'
import { desktopErrors } from '../desktop.errors.ts'

/** The person holds the button while it is fetched: more than this takes too long on most networks. */
const LIMIT_MB = 256
const BYTES_IN_MB = 1024 * 1024
const TIMEOUT_MS = 60_000

/** Stored files on their way to another program: fetched into a folder that ends with the app. */
export interface DragFiles extends AsyncDisposable {
  /** Path of the fetched file. @throws DESKTOP_DRAG_TOO_LARGE, DESKTOP_DRAG_REFUSED */
  fetch(reach: ServicesReach, file: { projectId: string; path: string }): Promise<string>
}

export function createDragFiles(limitBytes: number = LIMIT_MB * BYTES_IN_MB): DragFiles {
  const folders: string[] = []
  const limitMb = Math.floor(limitBytes / BYTES_IN_MB)

  async function save(body: ReadableStream<Uint8Array>, name: string): Promise<string> {
    // A folder for each, so that the file has its own name and two of one name do not meet.
    const folder = await mkdtemp(join(tmpdir(), 'm3m-drag-'))
    folders.push(folder)
    const path = join(folder, safeName(name))
    let size = 0
    const limit = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        size += chunk.length
        if (size > limitBytes) done(desktopErrors.DESKTOP_DRAG_TOO_LARGE({ name, limitMb }))
        else done(null, chunk)
      },
    })
    await pipeline(Readable.fromWeb(body as never), limit, createWriteStream(path, { mode: 0o600 }))
    return path
  }

  return {
    async fetch({ url, fetch, token }, { projectId, path }) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const place = path.split('/').map(encodeURIComponent).join('/')
      const answer = await fetch(`${url}/files/storage/${projectId}/${place}`, {
        headers: { authorization: `Bearer ${token}` },
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      if (!answer.ok || !answer.body)
        throw desktopErrors.DESKTOP_DRAG_REFUSED({ name, reason: `the agent answered ${answer.status}` })
      if (Number(answer.headers.get('content-length') ?? 0) > limitBytes)
        throw desktopErrors.DESKTOP_DRAG_TOO_LARGE({ name, limitMb })
      return save(answer.body, name)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
    },
  }
}

/** The agent's names are POSIX names; Windows takes fewer, and no program should get a hidden or empty one. */
function safeName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is replaced
  return name.replace(/[<>:"/\\|?*\u0000-\u001f]/g, '_').replace(/^[.]+/, '_') || 'file'
}

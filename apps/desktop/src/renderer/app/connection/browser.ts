import { endOfToken } from '../../../shared/token-life.ts'
import type { Connection, SessionSource } from './connection.ts'
import { RemoteError } from './remote-error.ts'

interface Granted {
  accessToken: string
  /** By the clock of this computer. */
  expiresAt: string
}

/** Asked for again this long before the end, so that a token does not die on its way. */
const MARGIN_MS = 30_000
const CHANNEL = 'm3m.session'

/**
 * The refresh token is an HttpOnly cookie that scripts never see; the access token lives in this closure.
 * Refresh tokens rotate, so windows of one browser take turns by a lock: two at once would look like theft.
 */
export function createBrowserConnection(): Connection {
  return { kind: 'browser', baseUrl: '', agent: null, session: createBrowserSession() }
}

function createBrowserSession(): SessionSource {
  const listeners = new Set<(signedIn: boolean) => void>()
  const channel = new BroadcastChannel(CHANNEL)
  let granted: Granted | null = null
  // Known to be signed out: requests that need no sign-in do not ask again each time.
  let isNobody = false
  let pending: Promise<string | null> | null = null

  const tell = (signedIn: boolean) => {
    for (const listener of listeners) listener(signedIn)
  }
  channel.addEventListener('message', (event: MessageEvent<{ signedIn: boolean }>) => {
    granted = null
    isNobody = !event.data.signedIn
    tell(event.data.signedIn)
  })

  const announce = (signedIn: boolean) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel never leaves its origin
    channel.postMessage({ signedIn })
    tell(signedIn)
  }

  async function renewed(): Promise<string | null> {
    const had = granted !== null
    granted = await oneAtATime(() => post<Granted>('/auth/refresh', granting))
    isNobody = granted === null
    if (had && isNobody) tell(false)
    return granted?.accessToken ?? null
  }

  return {
    async signIn(credentials) {
      granted = await login(credentials)
      isNobody = false
      announce(true)
    },
    async accessToken({ renew = false } = {}) {
      const isGood = granted && Date.parse(granted.expiresAt) - Date.now() > MARGIN_MS
      if (granted && isGood && !renew) return granted.accessToken
      if (isNobody && !renew) return null
      pending ??= renewed().finally(() => (pending = null))
      return pending
    },
    async signOut() {
      await post('/auth/logout', () => null)
      granted = null
      isNobody = true
      announce(false)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  // Absent where the page is neither https nor loopback.
  if (!navigator.locks) return work()
  return navigator.locks.request('m3m.refresh', work)
}

/** What was granted, its end by the clock of this computer. */
function granting(response: Response, body: unknown): Granted {
  const { accessToken, expiresAt } = body as Granted
  return { accessToken, expiresAt: endOfToken(expiresAt, response.headers.get('date'), Date.now()) }
}

/** Answers of the cookie routes: 401 and 204 are "nobody", everything else that is not 200 is an error. */
async function post<T>(path: string, read: (response: Response, body: unknown) => T): Promise<T | null> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'x-m3m': '1', 'content-type': 'application/json' },
    body: '{}',
    credentials: 'same-origin',
  })
  if (response.status === 401 || response.status === 204) return null
  const body = await readJson(response)
  if (response.ok) return read(response, body)
  throw asRemoteError(response, body)
}

async function login(credentials: { email: string; password: string }): Promise<Granted> {
  const response = await fetch('/trpc/auth.login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-m3m': '1' },
    body: JSON.stringify(credentials),
    credentials: 'same-origin',
  })
  const body = (await readJson(response)) as { result?: { data: Granted } } | null
  if (response.ok && body?.result) return granting(response, body.result.data)
  throw asRemoteError(response, body)
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return null
  }
}

/** tRPC puts the shape at `error.data.app`, the plain routes at `error`. */
function asRemoteError(response: Response, body: unknown): RemoteError {
  const error = (
    body as { error?: { message?: string; code?: unknown; data?: { app?: RemoteError['app'] } } } | null
  )?.error
  const app = error?.data?.app
  if (app) return new RemoteError({ ...app, message: app.message ?? error?.message ?? '' })
  return new RemoteError({
    code: typeof error?.code === 'string' ? error.code : `HTTP_${response.status}`,
    blame: 'host',
    status: response.status,
    message: error?.message ?? `The agent answered ${response.status} ${response.statusText}`.trim(),
  })
}

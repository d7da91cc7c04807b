import { WebSocket } from 'ws'

export const ROOT = { email: 'root@example.com', password: 'correct horse battery staple' } as const

type Json = Record<string, unknown>

/** What the API answered when it refused. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly data: Json

  constructor(status: number, error: { message: string; data: { app: { code: string } & Json } }) {
    super(error.message)
    this.status = status
    this.code = error.data.app.code
    this.data = error.data.app
  }
}

/** A signed-in operator, over plain HTTP as any program would be one. */
export interface PanelClient {
  token: string
  query<T = Json>(procedure: string, input?: unknown): Promise<T>
  mutate<T = Json>(procedure: string, input?: unknown): Promise<T>
}

export async function signIn(
  url: string,
  who: { email: string; password: string } = ROOT,
): Promise<PanelClient> {
  const { accessToken: token } = await call<{ accessToken: string }>({
    url,
    procedure: 'auth.login',
    input: who,
    post: true,
  })
  return {
    token,
    query: (procedure, input) => call({ url, procedure, input, token }),
    mutate: (procedure, input) => call({ url, procedure, input, token, post: true }),
  }
}

interface Call {
  url: string
  procedure: string
  input: unknown
  token?: string
  post?: boolean
}

async function call<T>({ url, procedure, input, token, post = false }: Call): Promise<T> {
  const query = post || input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
  const response = await fetch(`${url}/trpc/${procedure}${query}`, {
    method: post ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(post && { body: JSON.stringify(input ?? {}) }),
  })
  const body = (await response.json()) as {
    result: { data: T }
    error: ConstructorParameters<typeof ApiError>[1]
  }
  if (!response.ok) throw new ApiError(response.status, body.error)
  return body.result.data
}

interface SubscribeOptions {
  url: string
  token: string
  procedure: string
  input: unknown
  origin?: string
}

/** Values of a subscription, until the caller stops asking. Throws what the server refused. */
export async function* subscribe<T>({
  url,
  token,
  procedure,
  input,
  origin,
}: SubscribeOptions): AsyncGenerator<T, void> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/trpc?connectionParams=1`, {
    ...(origin && { origin }),
  })
  const inbox: unknown[] = []
  let wake = () => {}
  const push = (message: unknown) => {
    inbox.push(message)
    wake()
  }
  socket.on('open', () => {
    socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
    socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: procedure, input } }))
  })
  socket.on('message', (text) => push(JSON.parse(String(text))))
  socket.on('error', (error) => push(error))
  socket.on('close', () => push(null))
  try {
    for (;;) {
      while (inbox.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      const message = inbox.shift() as
        { result?: { type: string; data: T }; error?: { message: string } } | Error | null
      if (message === null) return
      if (message instanceof Error) throw message
      if (message.error) throw new Error(message.error.message)
      if (message.result?.type === 'data') yield message.result.data
      if (message.result?.type === 'stopped') return
    }
  } finally {
    socket.terminate()
  }
}

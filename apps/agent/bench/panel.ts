/** A signed-in caller of an agent's tRPC procedures over plain HTTP. */
export interface Panel {
  mutate(procedure: string, input: unknown): Promise<Record<string, unknown>>
  query(procedure: string, input: unknown): Promise<Record<string, unknown>>
}

/** Signs in. @throws what the agent answered when it refuses. */
export async function signIn(url: string, email: string, password: string): Promise<Panel> {
  const answer = await call(url, 'POST', 'auth.login', { email, password })
  const token = String(answer['accessToken'])
  return {
    mutate: (procedure, input) => call(url, 'POST', procedure, input, token),
    query: (procedure, input) => call(url, 'GET', procedure, input, token),
  }
}

async function call(url: string, method: 'GET' | 'POST', procedure: string, input: unknown, token?: string) {
  const query = method === 'GET' ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ''
  const response = await fetch(`${url}/trpc/${procedure}${query}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(method === 'POST' && { body: JSON.stringify(input) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${text}`)
  return (JSON.parse(text) as { result: { data: Record<string, unknown> } }).result.data
}

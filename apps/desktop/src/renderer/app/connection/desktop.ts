import type { AgentEntry, DesktopPort, PortAnswer } from '../../../shared/desktop-port.ts'
import type { Connection } from './connection.ts'
import { RemoteError } from './remote-error.ts'

/** In the desktop app the main process keeps the refresh token in the system's keychain; this page only asks for access tokens. */
export function createDesktopConnection(port: DesktopPort, agent: AgentEntry): Connection {
  return {
    kind: 'desktop',
    baseUrl: agent.url,
    agent: { id: agent.id, name: agent.name, color: agent.color },
    session: {
      signIn: async (credentials) => void (await answerOf(port.session.signIn(credentials))),
      accessToken: async ({ renew = false } = {}) =>
        (await answerOf(port.session.accessToken({ renew })))?.token ?? null,
      signOut: async () => void (await answerOf(port.session.signOut())),
      onChange: (listener) => port.on('session', (event) => listener(event.signedIn)),
    },
  }
}

/** The value of an answer. @throws RemoteError with the shape that main sent */
export async function answerOf<T>(answer: PortAnswer<T>): Promise<T> {
  const result = await answer
  if (result.ok) return result.value
  throw new RemoteError(result.error)
}

import { type Session, session } from 'electron'
import type { AgentReach } from '../agents/agent-status.ts'
import { CERTIFICATE_VERDICT, checkCertificate, fingerprintOf } from '../agents/certificate-check.ts'
import { createAppFiles } from '../protocol/app-files.ts'
import { isPermitted } from '../window/permission-rule.ts'
import { askWhereToSave } from './downloads.ts'

/** An agent as far as its network is concerned. */
export interface NetworkAgent {
  id: string
  url: string
  fingerprint: string | null
}

interface Opened {
  session: Session
  /** Fingerprint of the certificate it refused last. */
  refused: string | null
}

/** One session for each agent: its certificate rule, its cookies and cache, its `app://` with its policy. */
export interface AgentNetwork {
  sessionOf(agent: NetworkAgent): Session
  reach(agent: NetworkAgent): Omit<AgentReach, 'token'>
  /** The session of the page without an agent, which can reach nothing but the app's own files. */
  homeSession(): Session
  /** Deletes what the session kept on disk. */
  erase(agent: NetworkAgent): Promise<void>
}

/** @param root folder of the renderer's build */
export function createAgentNetwork(root: string): AgentNetwork {
  const opened = new Map<string, Opened>()

  function open(agent: NetworkAgent): Opened {
    const partition = partitionOf(agent)
    const known = opened.get(partition)
    if (known) return known
    const entry: Opened = { session: session.fromPartition(partition), refused: null }
    opened.set(partition, entry)
    lockDown(entry.session, { hasAgent: true })
    askWhereToSave(entry.session)
    entry.session.protocol.handle('app', createAppFiles({ root, agentUrl: () => agent.url }))
    // Chromium caches the answer for a certificate, so this runs once per certificate and not per connection.
    entry.session.setCertificateVerifyProc((request, answer) => {
      const shown = { hostname: request.hostname, pem: request.certificate.data }
      const verdict = checkCertificate(shown, agent)
      const isRefused =
        verdict === 'refuse' || (verdict === 'default' && request.verificationResult !== 'net::OK')
      entry.refused = isRefused ? fingerprintOf(request.certificate.data) : null
      answer(CERTIFICATE_VERDICT[verdict])
    })
    return entry
  }

  return {
    sessionOf: (agent) => open(agent).session,
    reach(agent) {
      const entry = open(agent)
      const fetch = (url: string, init?: RequestInit) => entry.session.fetch(url, init)
      return { fetch: fetch as typeof globalThis.fetch, refused: () => entry.refused }
    },
    homeSession() {
      const home = session.fromPartition('persist:home')
      if (!home.protocol.isProtocolHandled('app')) {
        lockDown(home, { hasAgent: false })
        home.protocol.handle('app', createAppFiles({ root, agentUrl: () => null }))
      }
      return home
    },
    async erase(agent) {
      const partition = partitionOf(agent)
      const entry = opened.get(partition)
      opened.delete(partition)
      const erased = entry?.session ?? session.fromPartition(partition)
      await Promise.all([erased.clearStorageData(), erased.clearCache()])
    },
  }
}

/** Another pin is another session: Chromium keeps a session's verdict on a certificate for half an hour. */
function partitionOf({ id, fingerprint }: NetworkAgent): string {
  return fingerprint === null ? `persist:agent-${id}` : `persist:agent-${id}-${fingerprint.slice(0, 16)}`
}

function lockDown(target: Session, page: { hasAgent: boolean }): void {
  target.setPermissionRequestHandler((_contents, permission, answer) => answer(isPermitted(permission, page)))
  target.setPermissionCheckHandler((_contents, permission) => isPermitted(permission, page))
  target.setDevicePermissionHandler(() => false)
  target.setSpellCheckerEnabled(false)
}

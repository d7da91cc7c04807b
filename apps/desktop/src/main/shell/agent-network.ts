import { type Session, session } from 'electron'
import type { AgentReach } from '../agents/agent-status.ts'
import { CERTIFICATE_VERDICT, checkCertificate } from '../agents/certificate-check.ts'
import { createAppFiles } from '../protocol/app-files.ts'

/** An agent as far as its network is concerned. */
interface NetworkAgent {
  id: string
  url: string
  fingerprint: string | null
}

/** One session for each agent: its certificate rule, its cookies and cache, its `app://` with its policy. */
export interface AgentNetwork {
  sessionOf(agent: NetworkAgent): Session
  reach(agent: NetworkAgent): Omit<AgentReach, 'token'>
  /** The session of the page without an agent, which can reach nothing but the app's own files. */
  homeSession(): Session
  /** Deletes what the session kept on disk. */
  erase(agentId: string): Promise<void>
}

/** @param root folder of the renderer's build */
export function createAgentNetwork(root: string): AgentNetwork {
  const opened = new Map<string, { session: Session; trusted: boolean }>()

  function open(agent: NetworkAgent): { session: Session; trusted: boolean } {
    const known = opened.get(agent.id)
    if (known) return known
    const entry = { session: session.fromPartition(partitionOf(agent.id)), trusted: true }
    opened.set(agent.id, entry)
    lockDown(entry.session)
    entry.session.protocol.handle('app', createAppFiles({ root, agentUrl: () => agent.url }))
    // Chromium caches the answer for a certificate, so this runs once per certificate and not per connection.
    entry.session.setCertificateVerifyProc((request, answer) => {
      const shown = { hostname: request.hostname, pem: request.certificate.data }
      const verdict = checkCertificate(shown, agent)
      if (verdict !== 'default') entry.trusted = verdict === 'accept'
      else if (request.verificationResult !== 'net::OK') entry.trusted = false
      answer(CERTIFICATE_VERDICT[verdict])
    })
    return entry
  }

  return {
    sessionOf: (agent) => open(agent).session,
    reach(agent) {
      const entry = open(agent)
      const fetch = (url: string, init?: RequestInit) => entry.session.fetch(url, init)
      return { fetch: fetch as typeof globalThis.fetch, trusted: () => entry.trusted }
    },
    homeSession() {
      const home = session.fromPartition('persist:home')
      if (!home.protocol.isProtocolHandled('app')) {
        lockDown(home)
        home.protocol.handle('app', createAppFiles({ root, agentUrl: () => null }))
      }
      return home
    },
    async erase(agentId) {
      const entry = opened.get(agentId)
      opened.delete(agentId)
      await (entry?.session ?? session.fromPartition(partitionOf(agentId))).clearStorageData()
    },
  }
}

const partitionOf = (agentId: string) => `persist:agent-${agentId}`

/** A page of the panel needs no camera, no location, no device and no notification of the web's kind. */
function lockDown(target: Session): void {
  target.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  target.setPermissionCheckHandler(() => false)
  target.setDevicePermissionHandler(() => false)
  target.setSpellCheckerEnabled(false)
}

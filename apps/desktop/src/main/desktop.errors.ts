import { defineErrors } from '@m3m/base'

/** What the desktop app itself refuses or cannot do. Codes of an agent pass through unchanged. */
export const desktopErrors = defineErrors({
  DESKTOP_AGENT_UNREACHABLE: {
    blame: 'host',
    status: 503,
    text: (p: { url: string; reason: string }) =>
      `No agent answers at ${p.url} (${p.reason}). Check the address, that the agent runs, and that no firewall is between.`,
  },
  DESKTOP_NOT_AN_AGENT: {
    blame: 'user',
    status: 400,
    text: (p: { url: string; got: string }) =>
      `${p.url} answers, but not as an m3m agent (${p.got}). Use the address of the panel, without a path.`,
  },
  DESKTOP_AGENT_KNOWN: {
    blame: 'user',
    status: 409,
    text: (p: { url: string; name: string }) => `${p.url} is in the list already, as "${p.name}".`,
  },
  DESKTOP_AGENT_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { id: string }) => `The list has no agent ${p.id}; it may have been removed in another window.`,
  },
  DESKTOP_PLAIN_HTTP: {
    blame: 'user',
    status: 400,
    text: (p: { url: string }) =>
      `${p.url} is plain http to another computer: passwords and tokens would travel readable. Turn on TLS ("server.tls: auto" in the agent's config.yaml), or confirm that you accept this.`,
  },
  DESKTOP_CERTIFICATE_UNKNOWN: {
    blame: 'user',
    status: 400,
    text: (p: { url: string; fingerprint: string }) =>
      `No authority vouches for the certificate of ${p.url}. Compare its SHA-256 ${p.fingerprint} with what the agent printed at start, and confirm it.`,
  },
  DESKTOP_CERTIFICATE_CHANGED: {
    blame: 'host',
    status: 409,
    text: (p: { url: string; pinned: string; shown: string }) =>
      `The certificate of ${p.url} is not the one you trusted (SHA-256 ${p.pinned}; now ${p.shown}). Nothing was sent. If the agent got a new certificate on purpose, compare the SHA-256 with what it printed at start and trust it in the list of agents.`,
  },
  DESKTOP_LOCAL_ABSENT: {
    blame: 'host',
    status: 501,
    text: (p: { platform: string }) =>
      `No agent came with this app for ${p.platform}. Agents run on Linux and macOS: add one that runs elsewhere by its address.`,
  },
  DESKTOP_LOCAL_FAILED: {
    blame: 'host',
    status: 503,
    text: (p: { reason: string }) => `The agent of this computer did not start: ${p.reason}`,
  },
  DESKTOP_DRAG_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { name: string; limitMb: number }) =>
      `"${p.name}" is larger than ${p.limitMb} MB, too large to be dragged. Download it.`,
  },
  DESKTOP_DRAG_REFUSED: {
    blame: 'user',
    status: 404,
    text: (p: { name: string; reason: string }) => `"${p.name}" could not be fetched: ${p.reason}.`,
  },
  DESKTOP_HOME_ONLY: {
    blame: 'bug',
    status: 403,
    text: (p: { method: string }) =>
      `"${p.method}" may be called by the list of agents only, not by the page of an agent. Please report it.`,
  },
  DESKTOP_PAGE_WITHOUT_AGENT: {
    blame: 'bug',
    status: 400,
    text: (p: { method: string }) =>
      `"${p.method}" was called on the page that belongs to no agent. Please report it.`,
  },
  DESKTOP_CALL_INVALID: {
    blame: 'bug',
    status: 400,
    text: (p: { method: string; problem: string }) =>
      `The page called "${p.method}" with a wrong argument: ${p.problem}. Please report it.`,
  },
  DESKTOP_SENDER_REFUSED: {
    blame: 'bug',
    status: 403,
    text: (p: { origin: string }) => `A page of ${p.origin} tried to use the desktop port and was refused.`,
  },
})

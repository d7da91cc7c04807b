/**
 * Chromium asks for leave before a page reaches a private address, by these names (Electron, session API); which of
 * them depends on its version and on where the address is. An agent stands at just such an address, most times.
 */
const TO_REACH_AGENTS: ReadonlySet<string> = new Set([
  'local-network-access',
  'local-network',
  'loopback-network',
])
/** `navigator.clipboard.writeText`, by which the Copy buttons work. Reading the clipboard is another permission. */
const TO_COPY = 'clipboard-sanitized-write'

/**
 * What the pages of a session may do beyond showing themselves: copy text, and reach their agent. Where that is, is
 * the content policy's to say. No camera, no location, no device, no notification of the web's kind.
 */
export function isPermitted(permission: string, page: { hasAgent: boolean }): boolean {
  return permission === TO_COPY || (page.hasAgent && TO_REACH_AGENTS.has(permission))
}

/** What the agent prints while it has no operator: `/setup#` and the secret. */
const PATH = '/setup'

/** The secret of the link by which this page was opened; null when it was opened by another address. */
export function setUpToken(): string | null {
  return location.pathname === PATH && location.hash.length > 1 ? location.hash.slice(1) : null
}

/** Takes the link out of the address: reloading and going back must not lead to a form that nobody needs. */
export function leaveSetUpLink(): void {
  history.replaceState(null, '', '/')
}

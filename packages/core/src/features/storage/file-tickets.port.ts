/** Signed addresses for what a browser fetches by itself. Implemented in apps/agent, which also verifies them. */
export interface FileTickets {
  /** `path` with a ticket as its query, good for 5 minutes and bound to that sign-in. */
  sign(path: string, claims: { userId: string; sessionId: string }): string
}

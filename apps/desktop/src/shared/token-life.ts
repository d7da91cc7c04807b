/**
 * When a token ends by the clock of this computer, which may be minutes off the agent's: a token of 15 minutes
 * would look dead on arrival and be renewed at every request, or look alive long after its end.
 *
 * @param expiresAt ISO time, by the agent's clock
 * @param sentAt the `Date` of the agent's answer (RFC 9110 §6.6.1, whole seconds); `null`: both clocks count as one
 * @param nowMs Unix milliseconds of this computer, taken with the answer
 */
export function endOfToken(expiresAt: string, sentAt: string | null, nowMs: number): string {
  const sentMs = sentAt === null ? Number.NaN : Date.parse(sentAt)
  if (!Number.isFinite(sentMs)) return expiresAt
  return new Date(nowMs + Date.parse(expiresAt) - sentMs).toISOString()
}

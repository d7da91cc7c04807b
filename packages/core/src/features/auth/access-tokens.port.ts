/** What an access token says: which sign-in of whom. Rights are looked up at every call, never kept in it. */
export interface AccessClaims {
  userId: string
  sessionId: string
}

/** Signs and reads access tokens (JWT). Implemented in apps/agent with the secret of the machine. */
export interface AccessTokens {
  sign(claims: AccessClaims, expiresAt: Date): string
  /** `null` for a token that is damaged, ended, of another secret or another algorithm. */
  verify(token: string): AccessClaims | null
}

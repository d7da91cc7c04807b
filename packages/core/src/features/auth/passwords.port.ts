/** Hashes passwords by a memory-hard function (Argon2id, RFC 9106). Implemented in apps/agent. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** False also for a hash that cannot be read. Takes the same time whatever the answer. */
  verify(hash: string, password: string): Promise<boolean>
}

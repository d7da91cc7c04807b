/** True for MongoDB's refusal of a second document with the same unique key (code 11000). */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 11_000
}

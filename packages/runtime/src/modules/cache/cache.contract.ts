/** Entries and, roughly, bytes one service may hold; what was used longest ago goes first. They count as its own memory. */
export const MAX_ENTRIES = 10_000
export const MAX_BYTES = 16 * 1024 * 1024
/** Bytes of everything kept over restarts, as JSON. */
export const MAX_KEPT_BYTES = 4 * 1024 * 1024

/** An entry that is kept over restarts: key, value as JSON, Unix milliseconds of its end or null. */
export type KeptEntry = [key: string, json: string, endsAtMs: number | null]

/** The texts of this room's errors, for the sandbox that throws them and for the table in cache.errors.ts. */
export const cacheTexts = {
  CACHE_VALUE_INVALID: (p: { key: string; reason: string }) =>
    `The value of "${p.key}" cannot be kept: a cache holds copies. ${p.reason}`,
  CACHE_VALUE_TOO_LARGE: (p: { key: string; limit: number }) =>
    `The value of "${p.key}" is larger than the ${Math.round(p.limit / 1048576)} MB of the whole cache.`,
  CACHE_NOT_A_NUMBER: (p: { key: string }) => `"${p.key}" holds no number, so it cannot be incremented.`,
  CACHE_OPTION_INVALID: (p: { option: string; expected: string }) =>
    `The option "${p.option}" must be ${p.expected}.`,
}

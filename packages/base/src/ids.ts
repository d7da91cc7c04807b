const ID = /^[0-9a-f]{24}$/

/** A new 24-hex id, sortable by second: 4 bytes of Unix time, 8 of randomness (the layout of an ObjectId). */
export function newId(nowMs: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8))
  let hex = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0')
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex
}

/** True for the 24 lower-case hex digits that every id on the wire has. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value)
}

/** Why a text could not be read; `at` is 1-based. Rooms turn it into their own coded error. */
export class TextProblem extends Error {}

/** @throws TextProblem naming line and column of an offset. */
export function refuseAt(text: string, offset: number, reason: string): never {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  throw new TextProblem(`line ${line}, column ${offset - before.lastIndexOf('\n')}: ${reason}`)
}

/** Sets a member, also one named `__proto__`, which must stay a member. */
export function setMember(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  } else target[key] = value
}

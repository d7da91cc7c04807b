/** The first option that is set and means nothing: left out without a word, a typing error is found only when it hurts. */
export function unknownName(options: object, known: readonly string[]): string | undefined {
  return Object.entries(options).find(([name, value]) => value !== undefined && !known.includes(name))?.[0]
}

/** The words of an identifier or a phrase: split at blanks, punctuation and changes of case; digits stay with their word. */
export function wordsOf(text: string): string[] {
  return text
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter(Boolean)
}

/** First character in upper case, the rest as it is. */
export function capitalize(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}

/** At most `length` characters (code points), then `suffix` where something was cut off. */
export function truncate(text: string, length: number, suffix = '...'): string {
  if (!(length > 0)) return suffix
  // No text has more code points than units: the common case costs nothing.
  if (text.length <= length) return text
  const characters = Array.from(text)
  return characters.length <= length ? text : characters.slice(0, length).join('') + suffix
}

const MAX_COMPARED = 5_000

/**
 * How much two texts have in common, 1 for the same and 0 for nothing: one minus the Levenshtein distance over the
 * longer length. Compares at most the first 5,000 characters of each.
 */
export function similarity(one: string, other: string): number {
  const a = Array.from(one.slice(0, MAX_COMPARED))
  const b = Array.from(other.slice(0, MAX_COMPARED))
  if (a.length === 0 && b.length === 0) return 1
  let row = Uint16Array.from({ length: b.length + 1 }, (_, i) => i)
  let next = new Uint16Array(b.length + 1)
  for (let i = 1; i <= a.length; i++) {
    next[0] = i
    const char = a[i - 1]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (char === b[j - 1] ? 0 : 1)
      const changed = Math.min(row[j]!, next[j - 1]!) + 1
      next[j] = replaced < changed ? replaced : changed
    }
    const spare = row
    row = next
    next = spare
  }
  return 1 - row[b.length]! / Math.max(a.length, b.length)
}

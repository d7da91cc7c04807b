/**
 * How well a hit fits, 0 for not at all: the whole title, its beginning, the beginning of a word in it, anywhere in
 * it, then the same in what stands beside it. Words of the query may stand apart; each must be somewhere.
 */
export function rank(query: string, { title, detail }: { title: string; detail: string }): number {
  const words = fold(query).split(/\s+/).filter(Boolean)
  const [head, rest] = [fold(title), fold(detail)]
  if (!words.every((word) => head.includes(word) || rest.includes(word))) return 0
  const wanted = words.join(' ')
  if (head === wanted) return 6
  if (head.startsWith(wanted)) return 5
  if (words.every((word) => head.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word)))) return 4
  if (words.every((word) => head.includes(word))) return 3
  return 2
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

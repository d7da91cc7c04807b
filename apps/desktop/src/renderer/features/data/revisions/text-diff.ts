/** Two texts word by word. Pure. */

export interface DiffPart {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** Beyond it the table of the comparison would have millions of cells; whole texts are shown then. */
const MOST_WORDS = 700

/** By the longest common subsequence of words; common beginnings and ends are cut off first. */
export function textDiff(before: string, after: string): DiffPart[] {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  const middle =
    left.length > MOST_WORDS || right.length > MOST_WORDS
      ? [part('removed', left), part('added', right)]
      : middleDiff(left, right)
  return merged([part('same', a.slice(0, head)), ...middle, part('same', a.slice(a.length - tail))])
}

const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []

const part = (kind: DiffPart['kind'], words: readonly string[]): DiffPart => ({ kind, text: words.join('') })

function middleDiff(a: readonly string[], b: readonly string[]): DiffPart[] {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
  const parts: DiffPart[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push({ kind: 'same', text: a[i]! })
      i += 1
      j += 1
    } else if (
      j === b.length ||
      (i < a.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)
    ) {
      parts.push({ kind: 'removed', text: a[i]! })
      i += 1
    } else {
      parts.push({ kind: 'added', text: b[j]! })
      j += 1
    }
  }
  return parts
}

function merged(parts: readonly DiffPart[]): DiffPart[] {
  const all: DiffPart[] = []
  for (const { kind, text } of parts) {
    if (text === '') continue
    const last = all.at(-1)
    if (last?.kind === kind) all[all.length - 1] = { kind, text: last.text + text }
    else all.push({ kind, text })
  }
  return all
}

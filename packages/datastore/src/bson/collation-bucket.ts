// Where a text stands in an index with a collation (see Collation.bucket).

/** What texts are held against to find their place in an index. Any characters would do; these tell common texts apart. */
const PROBES: readonly string[] = [
  ...' _-,;:!?.\'"()[]{}@*/\\&#%+<=>|~$0123456789',
  ...'abcdefghijklmnopqrstuvwxyz',
  ...'абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґ',
  ...'αβγδεζηθικλμνξοπρστυφχψω',
  ...'אבגדהוזחטיכלמנסעפצקרשת',
  ...'ابتثجحخدذرزسشصضطظعغفقكلمنهوي',
  ...'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ',
  ...spaced(0xac00, 0xd7a4, 196),
  ...spaced(0x4e00, 0x9fa6, 128),
]

function spaced(from: number, to: number, step: number): string[] {
  const found: string[] = []
  for (let code = from; code < to; code += step) found.push(String.fromCodePoint(code))
  return found
}

/** A step of a search for the greatest probe that is not above a text. */
interface Step {
  probe: string
  /** How many probes are at or before this one. */
  count: number
  below: Step | null
  above: Step | null
}

/** Letters and digits are looked for most: they are found in half as many steps as the rest. */
function weightOf(probe: string): number {
  if (/[a-z0-9]/.test(probe)) return 64
  return probe < '\u3000' || probe > '\uffff' ? 8 : 1
}

/** The steps of a search among sorted probes, of which each halves the weight. */
function stepsOf(probes: readonly string[], from = 0, to = probes.length): Step | null {
  if (from === to) return null
  let half = 0
  for (let i = from; i < to; i++) half += weightOf(probes[i]!) / 2
  let at = from
  for (let sum = weightOf(probes[at]!); sum < half && at < to - 1; sum += weightOf(probes[at]!)) at++
  return {
    probe: probes[at]!,
    count: at + 1,
    below: stepsOf(probes, from, at),
    above: stepsOf(probes, at + 1, to),
  }
}

/** So many letters tell texts apart; those alike beyond share a place. */
const MAX_DEPTH = 24

/**
 * Makes {@link Collation.bucket}: a walk whose every step depends on nothing but how the text compares with a fixed one, so
 * that equal texts, which compare alike with everything, walk the same way. Letter by letter the greatest probe is looked for that,
 * set behind those found before, is not above the text.
 */
export function bucketBy(compare: (a: string, b: string) => number): (text: string) => Buffer {
  let [probes, first]: [string[], Step | null] = [[], null]
  const countBelow = (found: string, text: string): number => {
    let count = 0
    for (let step = first; step;) {
      const isBelow = compare(found + step.probe, text) <= 0
      if (isBelow) count = step.count
      step = isBelow ? step.above : step.below
    }
    return count
  }
  return (text) => {
    if (!first) {
      probes = [...PROBES].sort(compare)
      first = stepsOf(probes)
    }
    const way: number[] = []
    for (let found = ''; way.length < MAX_DEPTH;) {
      const count = countBelow(found, text)
      if (count === 0) break
      way.push(count)
      found += probes[count - 1]!
    }
    const key = Buffer.alloc(way.length * 2 + 2)
    way.forEach((step, i) => key.writeUInt16BE(step, i * 2))
    return key
  }
}

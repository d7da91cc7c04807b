/** 0: too short, the agent refuses it; 1: guessed at once; 4: not guessed by anybody. */
export type Strength = 0 | 1 | 2 | 3 | 4

/** What people type first; whatever is built around one of them falls with it. */
const COMMON =
  /pass(?:word|wort)?|qwert|asdf|zxcv|admin|root|letmein|welcome|monkey|dragon|iloveyou|парол|йцук|фыва|m3m/gi
/** Guesses that cost nothing, a night, a month and a year of one machine against a memory-hard hash (100 a second). */
const BITS = [28, 36, 48, 60] as const

/**
 * How hard a password is to guess: bits of what is left when runs, sequences, common words and what is known of its
 * owner count for next to nothing. Made on this page; nothing is sent anywhere.
 *
 * @param known words that stand around it: name, e-mail address
 */
export function strengthOf(password: string, known: readonly string[] = []): Strength {
  if (password.length < 8) return 0
  const bits = lengthThatCounts(password, known) * Math.log2(alphabetOf(password))
  return Math.max(1, BITS.filter((least) => bits >= least).length) as Strength
}

function lengthThatCounts(password: string, known: readonly string[]): number {
  let text = password.toLowerCase().replace(COMMON, '·')
  const words = known.flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u))
  for (const word of words) if (word.length >= 3) text = text.replaceAll(word, '·')
  const letters = [...text]
  // A letter that follows from the one before it adds nothing: aaa, abc, 321.
  const follows = (letter: string, index: number) =>
    index > 0 && Math.abs(letter.codePointAt(0)! - letters[index - 1]!.codePointAt(0)!) <= 1
  return letters.filter((letter, index) => !follows(letter, index)).length
}

/** Signs somebody who guesses has to try at each place. */
function alphabetOf(password: string): number {
  const kinds: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^\p{L}\d]/u, 20],
    [/[^\P{L}a-zA-Z]/u, 33],
  ]
  return Math.max(
    2,
    kinds.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0),
  )
}

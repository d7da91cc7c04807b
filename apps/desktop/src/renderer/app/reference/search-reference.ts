import type { Outputs } from '@/app/trpc/trpc.ts'

export type ReferencePage = Outputs['runtime']['reference'][number]

/** A place of the reference: a module, or one of its members. */
export interface ReferenceHit {
  module: string
  member: string | null
  /** The line that says it; '' where the name itself matched. */
  excerpt: string
}

/** `database.find`; a heading that is no member's name stands for itself. */
export function placeName(module: string, member: string | null): string {
  if (member === null) return module
  return isName(member) ? `${module}.${member}` : `${module}: ${member}`
}

/** A member's name, and not a chapter such as "Errors". */
export const isName = (heading: string): boolean => /^[a-z_$][\w$]*(?:\.[\w$]+)*$/.test(heading)

const MAX_HITS = 60

/** Best first: the name itself, names that begin so, names that contain it, texts. Every word must occur. Pure. */
export function searchReference(pages: readonly ReferencePage[], typed: string): ReferenceHit[] {
  const words = typed.toLowerCase().replaceAll('$', '').split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const ranked: { hit: ReferenceHit; rank: number }[] = []
  for (const place of pages.flatMap(placesOf)) {
    const rank = rankOf(place, words)
    if (rank === null) continue
    const { module, member } = place
    ranked.push({ hit: { module, member, excerpt: rank < TEXT ? '' : excerptOf(place.text, words) }, rank })
  }
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_HITS)
    .map(({ hit }) => hit)
}

interface Place {
  module: string
  member: string | null
  /** In lower case: `database.find`, `find`. */
  names: string[]
  text: string
}

function placesOf(page: ReferencePage): Place[] {
  const module = page.name
  const own = [page.name, ...page.aliases].map((name) => name.toLowerCase())
  const globals = page.name === 'globals' ? page.declarations : ''
  return [
    { module, member: null, names: own, text: `${page.intro}\n${globals}` },
    ...page.members.map(({ name, text }) => ({
      module,
      member: name,
      names: [name.toLowerCase(), ...own.map((each) => `${each}.${name.toLowerCase()}`)],
      text,
    })),
  ]
}

const TEXT = 3

function rankOf({ names, text }: Place, words: readonly string[]): number | null {
  const typed = words.join(' ')
  if (names.includes(typed)) return 0
  if (names.some((name) => name.startsWith(typed))) return 1
  if (names.some((name) => words.every((word) => name.includes(word)))) return 2
  const all = `${names.join(' ')} ${text}`.toLowerCase()
  return words.every((word) => all.includes(word)) ? TEXT : null
}

function excerptOf(text: string, words: readonly string[]): string {
  const lines = text.split('\n').filter((line) => line.trim() && !line.startsWith('```'))
  const found = lines.find((line) => words.some((word) => line.toLowerCase().includes(word)))
  return (found ?? lines[0] ?? '').trim().slice(0, 160)
}

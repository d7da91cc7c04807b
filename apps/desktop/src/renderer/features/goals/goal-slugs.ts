/** Slugs of goals: as stored, as written in code, and a first guess out of a name. Pure. */

/** Letters that Unicode decomposition leaves alone; as core's features/projects/slug.ts writes them (a test compares). */
// prettier-ignore
const LETTERS: Readonly<Record<string, string>> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k', л: 'l', м: 'm',
  н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch',
  ъ: '', ы: 'y', ь: '', э: 'e', ю: 'iu', я: 'ia', і: 'i', ї: 'i', є: 'ie', ґ: 'g', ў: 'u',
  ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', þ: 'th', ð: 'd', ı: 'i',
}

/** goals.schema.ts, goalSlugSchema: its longest slug, less room for a number. */
const MAX_LENGTH = 56

interface Slugged {
  slug: string
}

/** What follows the project's slug; the whole slug of a global goal. */
export function shortSlug(slug: string, projectSlug: string | null): string {
  const prefix = `${projectSlug}-`
  return projectSlug !== null && slug.startsWith(prefix) ? slug.slice(prefix.length) : slug
}

/**
 * How a service of the project names its goal: short, unless another goal that it may use has just that slug whole,
 * which the runtime would take first.
 */
export function slugInCode(goal: Slugged, projectSlug: string | null, usable: readonly Slugged[]): string {
  const short = shortSlug(goal.slug, projectSlug)
  return usable.some((other) => other !== goal && other.slug === short) ? goal.slug : short
}

/** The line that counts. */
export const incrementLine = (slug: string): string => `goals.increment('${slug}')`

/** A slug out of a name, with a number where it is taken; empty for a name without letters and digits. */
export function suggestSlug(name: string, taken: readonly string[]): string {
  const base = plain(name)
  if (!base) return ''
  let slug = base
  for (let number = 2; taken.includes(slug); number += 1) slug = `${base}-${number}`
  return slug
}

function plain(name: string): string {
  const text = Array.from(
    name.toLowerCase(),
    (char) => LETTERS[char] ?? char.normalize('NFD').replace(/\p{M}/gu, ''),
  ).join('')
  return text
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/^-+|-+$/g, '')
}

/** Letters that Unicode decomposition leaves alone. Cyrillic by ISO 9 as passports write it (ICAO 9303). */
// prettier-ignore
const LETTERS: Readonly<Record<string, string>> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k', л: 'l', м: 'm',
  н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch',
  ъ: '', ы: 'y', ь: '', э: 'e', ю: 'iu', я: 'ia', і: 'i', ї: 'i', є: 'ie', ґ: 'g', ў: 'u',
  ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', þ: 'th', ð: 'd', ı: 'i',
}

/** The longest slug made from a name: a DNS label has 63, and a number may be added. */
const MAX_LENGTH = 56

/** A slug from a name: `Мой бот №1` → `moi-bot-1`. A name without any letter or digit gives `project`. */
export function slugOf(name: string): string {
  let slug = ''
  for (const char of name.toLowerCase()) {
    const plain = LETTERS[char] ?? char.normalize('NFD').replace(/\p{M}/gu, '')
    slug += /^[a-z0-9]*$/.test(plain) ? plain : '-'
  }
  slug = slug.replace(/-+/g, '-').slice(0, MAX_LENGTH).replace(/^-|-$/g, '')
  return slug || 'project'
}

/** The slug, then the slug with numbers: for whoever has to find a free one. */
export function slugCandidates(name: string, count: number): string[] {
  const base = slugOf(name)
  return Array.from({ length: count }, (_, index) => (index === 0 ? base : `${base}-${index + 1}`))
}

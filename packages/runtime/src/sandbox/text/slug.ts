// Letters that do not fall apart into a Latin letter and a mark (NFKD does the others). Cyrillic as in ISO 9 made
// readable (the table of Russian passports, ICAO 9303 part 3), Ukrainian and Belarusian by their own; Greek by ISO 843.
const TABLE: Record<string, string> = {}
const add = (letters: string, texts: string): void => {
  const latin = texts.split(' ')
  Array.from(letters).forEach((letter, i) => (TABLE[letter] = latin[i]!.replace('_', '')))
}
add(
  'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  'a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya',
)
add('іїєґўјљњћџђѓќѕ', 'i i ie g u j lj nj c dz dj gj kj dz')
add('αβγδεζηθικλμνξοπρσςτυφχψω', 'a v g d e z i th i k l m n x o p r s s t y f ch ps o')
add('ßæœøłđðþħıŋĸſ', 'ss ae oe o l d d th h i n k s')
add(
  'აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ',
  'a b g d e v z t i k l m n o p zh r s t u f k gh q sh ch ts dz ts ch kh j h',
)
add(
  'աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ',
  'a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts w p k o f',
)

/** Latin letters for letters of other scripts, marks taken off; what has no Latin form stays. */
export function transliterate(text: string): string {
  let out = ''
  for (const char of text.normalize('NFC')) {
    out +=
      latinOf(char) ??
      Array.from(char.normalize('NFKD').replace(/\p{M}/gu, ''), (base) => latinOf(base) ?? base).join('')
  }
  return out
}

function latinOf(char: string): string | null {
  const lower = char.toLowerCase()
  if (!Object.hasOwn(TABLE, lower)) return null
  const latin = TABLE[lower]!
  return lower === char ? latin : latin.charAt(0).toUpperCase() + latin.slice(1)
}

/** Lower case, blanks as single hyphens, nothing but `a-z`, `0-9` and `-`, no hyphen at either end. */
export function slugify(text: string): string {
  return transliterate(text)
    .toLowerCase()
    .replace(/\s+/g, '-')
    .replace(/[^a-z0-9-]/g, '')
    .replace(/-+/g, '-')
    .replace(/^-|-$/g, '')
}

/** The beginning of a text, as `fields` asks for it: `body:excerpt(200,true)`. */
export interface Excerpt {
  characters: number
  /** `…` after it when there is more. */
  ellipsis: boolean
}

const ASKED = /^(.+):excerpt\(\s*(\d{1,5})\s*(?:,\s*(true|false)\s*)?\)$/s
/** Marks within a line; what stands on either side of any other is not one word. */
const INLINE = new Set('a b strong em i u s del sub sup code span'.split(' '))
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
}

/** `undefined` when the name asks for none. */
export function readExcerpt(name: string): { path: string; excerpt: Excerpt } | undefined {
  const found = ASKED.exec(name)
  if (!found || Number(found[2]) < 1) return undefined
  return { path: found[1]!, excerpt: { characters: Number(found[2]), ellipsis: found[3] === 'true' } }
}

/** Plain text of one line: marks of HTML are dropped, white space is one space. */
export function excerptOf(text: string, { characters, ellipsis }: Excerpt): string {
  const plain = text
    .replaceAll(/<\/?([a-z0-9]*)[^<>]*>/gi, (_, tag: string) => (INLINE.has(tag.toLowerCase()) ? '' : ' '))
    .replaceAll(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity]!)
    .replaceAll(/\s+/g, ' ')
    .trim()
  const points = [...plain.slice(0, characters * 2)]
  if (points.length <= characters && plain.length <= characters * 2) return plain
  return `${points.slice(0, characters).join('').trimEnd()}${ellipsis ? '…' : ''}`
}

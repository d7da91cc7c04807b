/** What a room's `<name>.docs.md` says: one `#` heading, a text, one `##` heading a member (see room.suite.ts). */
export interface SplitDocs {
  summary: string
  intro: string
  members: { name: string; text: string }[]
}

/** Takes a room's docs apart. Pure; headings inside of code fences are code. */
export function splitDocs(markdown: string): SplitDocs {
  const members: { name: string; lines: string[] }[] = []
  const intro: string[] = []
  let inFence = false
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) inFence = !inFence
    const heading = inFence ? null : /^(#{1,2}) (.+)$/.exec(line)
    if (heading?.[1] === '##') members.push({ name: heading[2]!.replaceAll('`', '').trim(), lines: [] })
    else if (!heading) (members.at(-1)?.lines ?? intro).push(line)
  }
  const text = intro.join('\n').trim()
  return {
    summary: firstSentence(text),
    intro: text,
    members: members.map(({ name, lines }) => ({ name, text: lines.join('\n').trim() })),
  }
}

/** A summary shorter than this takes the next sentence along. */
const SHORT_CHARS = 30

/** The first sentence, or so many that they say something; on one line, without a colon at its end. */
export function firstSentence(markdown: string): string {
  const line = markdown.replace(/\s+/g, ' ').trim()
  const ends = [...line.matchAll(/[.:](?=\s|$)/g)].map(({ index }) => index + 1)
  const end = ends.find((index) => index >= SHORT_CHARS) ?? line.length
  return line.slice(0, end).replace(/:$/, '.')
}

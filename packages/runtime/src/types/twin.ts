// The `$` spelling's types, made from the bare ones: what waits blocks there and gives its answer directly.

/** Interfaces of a room's `.d.ts` in the `$` spelling, and what each is called there. */
export interface Twin {
  text: string
  /** `DatabaseModule` → `$DatabaseModule`; the same name where both spellings are alike. */
  nameOf(name: string): string
}

const INTERFACE = /^((?:\/\*\*(?:[^*]|\*(?!\/))*\*\/\n)?)interface (\w+)([^{]*)\{\n([\s\S]*?)^\}\n/gm

/** A member that is an object of its own (`crypto.subtle`) is the web's and stays as it is. */
const NESTED = /^ {2}(?:readonly )?\w+\??: \{/m

/** Makes the twins of all interfaces that wait somewhere, or that use one which does. `known`: twins declared elsewhere. */
export function makeTwin(dts: string, known: readonly string[] = []): Twin {
  const found = [...dts.matchAll(INTERFACE)].map(([, docs, name, head, body]) => ({
    docs: docs!,
    name: name!,
    head: head!,
    body: body!,
  }))
  const twins = new Set([...known, ...found.filter(({ body }) => waits(body)).map(({ name }) => name)])
  for (let grew = true; grew;) {
    grew = false
    for (const { name, head, body } of found) {
      if (twins.has(name) || ![...twins].some((twin) => uses(head + body, twin))) continue
      twins.add(name)
      grew = true
    }
  }
  const nameOf = (name: string) => (twins.has(name) ? `$${name}` : name)
  const renamed = (text: string) =>
    [...twins].reduce(
      (result, name) => result.replace(new RegExp(`(?<![\\w$])${name}(?!\\w)`, 'g'), `$$${name}`),
      text,
    )
  const text = found
    .filter(({ name }) => twins.has(name))
    .map(
      ({ docs, name, head, body }) =>
        `${docs}interface $${name}${renamed(head)}{\n${renamed(blocking(body))}}\n`,
    )
    .join('\n')
  return { text, nameOf }
}

function waits(body: string): boolean {
  return blocking(body) !== body
}

function uses(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name}(?!\\w)`).test(text)
}

/** Return types without their promises. A member whose docs say "Always a promise" keeps it; async iterators go. */
function blocking(body: string): string {
  return members(body)
    .filter((member) => !member.includes('): AsyncGenerator<'))
    .map((member) => (member.includes('Always a promise') || NESTED.test(member) ? member : unwrap(member)))
    .join('')
}

/** Members with their docs: each ends where the next begins. */
function members(body: string): string[] {
  return body.split(/(?<=\n)(?= {2}\/\*\*)/)
}

function unwrap(member: string): string {
  let text = member
  for (let at = text.indexOf('): Promise<'); at >= 0; at = text.indexOf('): Promise<', at + 1)) {
    const open = at + '): Promise<'.length
    let depth = 1
    let end = open
    for (; end < text.length && depth > 0; end++) {
      if (text[end] === '<') depth++
      else if (text[end] === '>' && text[end - 1] !== '=') depth--
    }
    text = `${text.slice(0, at)}): ${text.slice(open, end - 1)}${text.slice(end)}`
  }
  return text
}

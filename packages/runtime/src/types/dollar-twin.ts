const INTERFACE = /^interface (\w+Module)(?: extends (\w+Module))? \{\n([\s\S]*?)^\}/m

/**
 * The `$` twin of a room's declarations: the same members, and what comes back as a promise in the bare spelling
 * comes back as the value. Members of nested objects keep theirs (`crypto.subtle` is the web's).
 *
 * @throws when the text declares no `interface <Name>Module`: the room is incomplete
 */
export function dollarTwin(declarations: string): { title: string; twin: string } {
  const found = INTERFACE.exec(declarations)
  if (!found) throw new Error('a room declares one "interface <Name>Module" at the start of a line')
  const [, title = '', above, body = ''] = found
  const members = body
    .split(/(?<=\n)(?= {2}\S)/)
    .map((member) => (/^ {2}(?:readonly )?\w+\??: \{/.test(member) ? member : unwrapped(member)))
  const heritage = above ? ` extends $${above}` : ''
  return { title, twin: `interface $${title}${heritage} {\n${members.join('')}}` }
}

/** `Promise<T>` → `T`, wherever it is returned; a promise that a callback gives stays one. */
function unwrapped(member: string): string {
  const at = member.lastIndexOf('): Promise<')
  if (at < 0) return member
  const from = at + '): Promise<'.length
  let depth = 1
  let end = from
  for (; end < member.length && depth > 0; end++) {
    if (member[end] === '<') depth++
    else if (member[end] === '>' && member[end - 1] !== '=') depth--
  }
  return member.slice(0, at) + '): ' + member.slice(from, end - 1) + member.slice(end)
}

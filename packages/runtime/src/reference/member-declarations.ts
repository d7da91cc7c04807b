/** A member as the editor knows it. */
export interface MemberDeclaration {
  /** Its overloads, one a line or more, without docs. */
  signature: string
  /** What stands above the first of them, as Markdown; empty when nothing does. */
  doc: string
}

const INTERFACE = /^interface (\w+)(?:<.*>)?(?: extends (\w+))?.* \{\n([\s\S]*?)^\}/gm
/** A line that begins a member: indented by two blanks, a name, then what follows a name. */
const BEGINS = /^ {2}(?:readonly )?(\w+)\??[(:<]/
const DOC = /^ {2}\/\*\*/

/**
 * Finds a documented member in the declarations of its module: `get` in `interface <Module>Module` or what it
 * extends, `model.find` in any interface. `null` for what is no declared member, such as a chapter "Notes".
 * Relies on the formatter: two blanks before a member, four before what goes on.
 */
export function findDeclaration(dts: string, module: string, member: string): MemberDeclaration | null {
  const interfaces = [...dts.matchAll(INTERFACE)].map(([, name, above, body]) => ({
    name: name!,
    above,
    members: membersOf(body!),
  }))
  const last = member.split('.').at(-1)!
  const title = `${module}module`
  const own = interfaces.find(({ name }) => name.toLowerCase() === title)
  const places = member.includes('.')
    ? interfaces.filter((one) => one !== own)
    : [own, interfaces.find(({ name }) => name === own?.above)]
  for (const place of places) {
    const found = place?.members.get(last)
    if (found) return found
  }
  return null
}

function membersOf(body: string): Map<string, MemberDeclaration> {
  const members = new Map<string, MemberDeclaration>()
  let doc: string[] = []
  let open: MemberDeclaration | null = null
  let inDoc = false
  for (const line of body.split('\n')) {
    if (DOC.test(line)) [inDoc, doc, open] = [true, [], null]
    const name = inDoc ? undefined : BEGINS.exec(line)?.[1]
    if (inDoc) doc.push(line)
    else if (name !== undefined) {
      open = members.get(name) ?? { signature: '', doc: textOf(doc) }
      members.set(name, open)
      doc = []
    }
    if (inDoc && line.includes('*/')) inDoc = false
    else if (open) open.signature = `${open.signature}\n${line.slice(2)}`.trim()
  }
  return members
}

function textOf(doc: readonly string[]): string {
  return doc
    .map((line) => line.replace(/^\s*\/?\*+\/?\s?/, '').replace(/\s*\*\/\s*$/, ''))
    .join(' ')
    .trim()
}

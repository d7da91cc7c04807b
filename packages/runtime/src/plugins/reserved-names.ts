// Global names that no plugin may take: whatever a service, or JavaScript itself, has under them already.
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'

/** Aliases of rooms; a test compares them with the rooms' own. */
const ALIASES = ['mail']
/** ECMA-262, 12.7.2, and what strict code reserves besides. */
const WORDS =
  'arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false finally for from function get if implements import in instanceof interface let new null of package private protected public return set static super switch this throw true try type typeof undefined var void while with yield'
/** Of the service's world, and those that would mislead whoever reads the code. */
const OTHERS = 'ctx exports module require window self document global actions ui m3m plugin plugins'

const modules = resolve(import.meta.dirname, '../modules')
let names: Set<string> | undefined

/** What the name belongs to, for people; null when it is free. */
export function ownerOf(name: string): string | null {
  names ??= new Set([...ALIASES, ...WORDS.split(' '), ...OTHERS.split(' '), ...roomNames()])
  if (names.has(name)) return 'm3m itself'
  // Node's own globals are more than an isolate has; none of them is a good name for a plugin.
  return name in globalThis ? 'JavaScript itself' : null
}

function roomNames(): string[] {
  return readdirSync(modules, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  )
}

// What runs inside an isolate before the author's code: a core, and units (rooms, web globals) of which a service gets
// what its files name. The rest comes along as text and is compiled at its first touch (sandbox/units.ts).
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** One unit: it lies in {@link Prelude.text} from `from` to `to`. */
export interface PreludeUnit {
  from: number
  to: number
  /** Units it uses. */
  needs: string[]
  /** Global names that lead to it. */
  globals: string[]
}

/** As isolate/build-prelude.ts makes it. */
export interface Prelude {
  /** Statements; they define `__m3m_prelude`. */
  core: string
  /** All units; Latin-1, so that isolates share its bytes. */
  text: string
  /** By the file it is made from. */
  units: Readonly<Record<string, PreludeUnit>>
}

/** Where `npm run build` puts it: absolute. */
export const PRELUDE_PATH = resolve(import.meta.dirname, '../../dist/prelude.json')

/** What a service gets of the prelude. */
export interface Selection {
  /** One object for all services that choose the same units. */
  readonly script: PreludeScript
  /** The globals that the service's files name. */
  readonly named: readonly string[]
}

/** The core and the chosen units. Its value is a function: it takes sandbox/install.ts `Host` and gives back `turn`. */
export interface PreludeScript {
  readonly code: string
}

/** Selections of different units that are remembered, with their compiled form (compile-prelude.ts): 100 KB each. */
const MAX_SCRIPTS = 16

/** A prelude and the scripts made of it. */
export class PreludeScripts {
  readonly prelude: Prelude
  readonly #scripts = new Map<string, PreludeScript>()

  constructor(prelude: Prelude) {
    this.prelude = prelude
  }

  /**
   * What a service with these files gets. A name in a comment or a string counts, too: too much costs some kilobytes,
   * too little only the moment of the first touch.
   */
  select(files: readonly { code: string }[]): Selection {
    const words = new Set<string>()
    for (const { code } of files) for (const [word] of code.matchAll(/[$\w]+/g)) words.add(word)
    const named: string[] = []
    const chosen = new Set<string>()
    for (const [name, { globals }] of Object.entries(this.prelude.units)) {
      const used = globals.filter((global) => words.has(global))
      named.push(...used)
      if (used.length > 0) this.#choose(name, chosen)
    }
    return { script: this.#script([...chosen].sort()), named }
  }

  #choose(name: string, chosen: Set<string>): void {
    if (chosen.has(name)) return
    chosen.add(name)
    for (const needed of this.prelude.units[name]!.needs) this.#choose(needed, chosen)
  }

  #script(chosen: readonly string[]): PreludeScript {
    const key = chosen.join()
    const script = this.#scripts.get(key) ?? { code: this.#codeOf(chosen) }
    // The one used last is last; the first is the one used longest ago.
    this.#scripts.delete(key)
    this.#scripts.set(key, script)
    if (this.#scripts.size > MAX_SCRIPTS) this.#scripts.delete(this.#scripts.keys().next().value!)
    return script
  }

  #codeOf(chosen: readonly string[]): string {
    const { core, text, units } = this.prelude
    const known = chosen.map(
      (name) => `${JSON.stringify(name)}:${text.slice(units[name]!.from, units[name]!.to)}`,
    )
    return `(function(){${core}const known={__proto__:null,${known.join(',\n')}};return (emit,block,setup,text)=>__m3m_prelude.start({emit,block,setup,text},known)})()`
  }
}

let built: PreludeScripts | undefined

/** The prelude that was built. */
export function builtPrelude(): PreludeScripts {
  return (built ??= new PreludeScripts(JSON.parse(readFileSync(PRELUDE_PATH, 'utf8')) as Prelude))
}

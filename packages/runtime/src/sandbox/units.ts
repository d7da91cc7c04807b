// Rooms, web globals and what several of them share are units: compiled for the services that name them, the others at
// their first touch. Late ones are compiled from the host's own text and see the intrinsics taken before the author's code.
import { apply, create } from './intrinsics.ts'
import { PRELUDE_FILE } from './stacks.ts'

/** What a unit exports, by name. Without a prototype. */
type Exports = Record<string, unknown>
/** Reads one export: of a core module, or of another unit. */
type Read = (module: string, name: string) => unknown
/** A unit as the bundle has it (isolate/build-prelude.ts): it runs once and puts what it exports into `out`. */
export type Unit = (
  core: Read,
  need: Read,
  out: Exports,
  intrinsics: Readonly<Record<string, unknown>>,
) => void

export interface Units {
  /** Compiled already, by name. */
  readonly known: Readonly<Record<string, Unit>>
  /** Where each unit lies in `text`. */
  readonly places: Readonly<Record<string, readonly [from: number, to: number]>>
  /** All units as text; one string for all services of a runner. */
  readonly text: string
  /** Exports of core modules that units use, keyed `module name`. */
  readonly core: Readonly<Record<string, unknown>>
  readonly intrinsics: Readonly<Record<string, unknown>>
}

// oxlint-disable-next-line no-eval -- the text is the host's; a script per unit and service would be compiled for nothing
const evaluate = globalThis.eval
const { slice } = String.prototype

const loaded = create(null) as Record<string, Exports>
let units: Units

/** Called once, before any code of the author. All records come without a prototype. */
export function connectUnits(all: Units): void {
  units = all
}

/** An export of a unit, which runs now if it has not yet. */
export const need: Read = (unit, name) => {
  const done = loaded[unit]
  if (done) return done[name]
  const out = create(null) as Exports
  const run = units.known[unit] ?? compile(unit)
  run(core, need, out, units.intrinsics)
  loaded[unit] = out
  return out[name]
}

const core: Read = (module, name) => units.core[`${module} ${name}`]

function compile(unit: string): Unit {
  const text = apply(slice, units.text, units.places[unit]!) as string
  return evaluate(`${text}\n//# sourceURL=${PRELUDE_FILE}/${unit}`) as Unit
}

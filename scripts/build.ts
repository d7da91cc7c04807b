// npm run build [-- prelude web desktop] [--force]: makes what is made from sources, skipping what is fresh.
import { inputsDigest, isFresh, writeStamp } from './build/stamp.ts'
import { targets } from './build/targets.ts'

/** Builds the named targets (all when none is named). Fresh ones are skipped unless `force`. */
export function build(names: readonly string[], force = false): void {
  const unknown = names.find((name) => !targets.some((target) => target.name === name))
  if (unknown)
    throw new Error(`unknown build target "${unknown}"; there are ${targets.map((t) => t.name).join(', ')}`)
  for (const target of targets) {
    if (names.length > 0 && !names.includes(target.name)) continue
    const digest = inputsDigest(target.inputs)
    if (!force && isFresh(target.stamp, digest)) continue
    const startedMs = performance.now()
    target.build()
    writeStamp(target.stamp, digest)
    console.log(`built ${target.name} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  }
}

if (import.meta.main) {
  const args = process.argv.slice(2)
  build(
    args.filter((arg) => !arg.startsWith('--')),
    args.includes('--force'),
  )
}

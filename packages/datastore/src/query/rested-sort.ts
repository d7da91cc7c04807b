import type { Pause } from '../server/pause.ts'

/** So many are sorted or merged between two looks at the clock: about a millisecond. */
const RUN = 2048

/** Sorts a long list without holding the thread: short runs first, then merged by pairs. Stable. */
export async function restedSort<T>(list: T[], compare: (a: T, b: T) => number, pause: Pause): Promise<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < list.length; at += RUN) {
    runs.push(list.slice(at, at + RUN).sort(compare))
    const resting = pause.rest()
    if (resting) await resting
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let i = 0; i < runs.length; i += 2) {
      const [a, b] = [runs[i]!, runs[i + 1]]
      merged.push(b ? await merge([a, b], compare, pause) : a)
    }
    runs = merged
  }
  return runs[0] ?? []
}

async function merge<T>([a, b]: [T[], T[]], compare: (a: T, b: T) => number, pause: Pause): Promise<T[]> {
  const out: T[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const fromA = j >= b.length || (i < a.length && compare(a[i]!, b[j]!) <= 0)
    out.push(fromA ? a[i++]! : b[j++]!)
    if (out.length % RUN !== 0) continue
    const resting = pause.rest()
    if (resting) await resting
  }
  return out
}

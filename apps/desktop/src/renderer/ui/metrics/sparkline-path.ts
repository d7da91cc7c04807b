import SparklineModule from 'sparkline-svg'

// The package is CommonJS: bundlers disagree on where its class is.
const SparklineSvg =
  (SparklineModule as unknown as { default?: typeof SparklineModule }).default ?? SparklineModule

/** Side of the box that pictures are drawn in. */
const BOX = 100

/** Values in a row that were measured, by the place of the first. */
interface Stretch {
  from: number
  values: number[]
}

/** One stretch as two paths in a box of 100 by 100: its line, and the area below it. */
export interface StretchPath {
  line: string
  area: string
}

/**
 * One pair of paths for each stretch of values that were measured: where nothing was (`null`), nothing is drawn.
 *
 * @param max the value at the top of the picture, where one of the values is not larger
 */
export function sparklinePaths(
  values: readonly (number | null)[],
  max: number | undefined,
): readonly StretchPath[] {
  const top = Math.max(max ?? 0, ...values.map((value) => value ?? 0))
  const stepWidth = BOX / Math.max(1, values.length - 1)
  return stretchesOf(values).map((stretch) => pathsOf(stretch, stepWidth, top))
}

function stretchesOf(values: readonly (number | null)[]): Stretch[] {
  const stretches: Stretch[] = []
  let open: Stretch | null = null
  for (const [from, value] of values.entries()) {
    if (value === null) open = null
    else if (open) open.values.push(value)
    else stretches.push((open = { from, values: [value] }))
  }
  return stretches
}

function pathsOf({ from, values }: Stretch, stepWidth: number, top: number): StretchPath {
  // One value alone has no width; half a step to each side makes it a dash that can be seen.
  const isAlone = values.length === 1
  const drawn = isAlone ? [values[0]!, values[0]!] : values
  const left = Math.max(0, (isAlone ? from - 0.5 : from) * stepWidth)
  const width = Math.min(BOX - left, (drawn.length - 1) * stepWidth)
  const line = lineOf(drawn, { left, width, top })
  const right = (left + width).toFixed(1)
  return { line, area: `${line} L ${right},${BOX} L ${left.toFixed(1)},${BOX} Z` }
}

/** The library draws from 0,0 and scales by its own largest value: its line is moved to where it belongs. */
function lineOf(values: number[], place: { left: number; width: number; top: number }): string {
  const { left, width, top } = place
  const most = Math.max(...values)
  const height = top === 0 ? 0 : (BOX * most) / top
  const end = (left + width).toFixed(1)
  if (height === 0) return `M ${left.toFixed(1)},${BOX} L ${end},${BOX}`
  const { d } = new SparklineSvg(values).setDecimals(2).setViewBoxWidth(width).setViewBoxHeight(height)
  return moved(d, left, BOX - height)
}

function moved(d: string, right: number, down: number): string {
  return d.replace(
    /([\d.]+),([\d.]+)/g,
    (_pair, x: string, y: string) => `${(Number(x) + right).toFixed(1)},${(Number(y) + down).toFixed(1)}`,
  )
}

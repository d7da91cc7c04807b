import { parse } from 'yaml'
import { z } from 'zod'

/** One key that an environment variable may set. */
interface Leaf {
  variable: string
  path: string[]
  schema: z.ZodType
}

/** One setting that came from the environment. */
export interface Override {
  variable: string
  path: string[]
  value: unknown
}

/**
 * Reads `M3M_SERVER_PORT`, `M3M_RUNTIME_WORKER_POOL_SIZE` and their like: one variable for each key of the
 * schema. `unknown` lists variables that look like a key of a section and are none; `known` all there are.
 */
export function readOverrides(
  schema: z.ZodType,
  env: NodeJS.ProcessEnv,
): { set: Override[]; unknown: string[]; known: string[] } {
  const leaves = leavesOf(schema, [])
  const byName = new Map(leaves.map((leaf) => [leaf.variable, leaf]))
  const sections = new Set(leaves.map((leaf) => `M3M_${snake(leaf.path[0]!)}_`))
  const set: Override[] = []
  const unknown: string[] = []
  for (const [variable, text] of Object.entries(env)) {
    const leaf = byName.get(variable)
    if (leaf && text !== undefined) set.push({ variable, path: leaf.path, value: valueOf(leaf.schema, text) })
    else if ([...sections].some((section) => variable.startsWith(section))) unknown.push(variable)
  }
  return { set, unknown, known: [...byName.keys()] }
}

/** The text itself where the key takes text, else what YAML makes of it, else a comma-separated list. */
function valueOf(schema: z.ZodType, text: string): unknown {
  const readings = [
    () => text,
    () => parse(text) as unknown,
    () => text.split(',').map((part) => part.trim()),
  ]
  for (const reading of readings) {
    try {
      const value = reading()
      if (schema.safeParse(value).success) return value
    } catch {
      // not YAML: the next reading may fit, and the schema names the fault of the plain text otherwise
    }
  }
  return text
}

function leavesOf(schema: z.ZodType, path: string[]): Leaf[] {
  const bare = unwrap(schema)
  if (bare instanceof z.ZodObject)
    return Object.entries(bare.shape).flatMap(([key, child]) => leavesOf(child as z.ZodType, [...path, key]))
  const own = { variable: `M3M_${path.map(snake).join('_')}`, path, schema }
  if (!(bare instanceof z.ZodUnion)) return [own]
  const objects = (bare.options as z.ZodType[]).filter((option) => unwrap(option) instanceof z.ZodObject)
  return [own, ...objects.flatMap((option) => leavesOf(option, path))]
}

function unwrap(schema: z.ZodType): z.ZodType {
  let bare = schema
  while (bare instanceof z.ZodOptional || bare instanceof z.ZodDefault || bare instanceof z.ZodPrefault)
    bare = bare.def.innerType as z.ZodType
  return bare
}

const snake = (camel: string): string => camel.replaceAll(/([A-Z])/g, '_$1').toUpperCase()

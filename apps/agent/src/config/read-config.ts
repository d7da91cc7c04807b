import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { messageOf } from '@m3m/base'
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { configErrors } from './config.errors.ts'
import { configSchema, type ConfigValues } from './config.schema.ts'
import { readOverrides, type Override } from './overrides.ts'
import { placeOfKey, setPlaceOf } from './places.ts'
import { keysAt, nearest } from './suggestions.ts'

/** The agent's configuration: checked, defaults filled in, every path absolute. */
export interface AgentConfig extends ConfigValues {
  /** The folder relative paths start from: `M3M_HOME`, else the current one. */
  home: string
  /** The file that was read; `null` when there is none and the defaults hold. */
  file: string | null
  /** Where a key was set, for messages: `config.yaml:12`, a variable's name, or `the defaults`. */
  placeOf(path: readonly string[]): string
  /** The same for a key that is set; `null` where its default holds. */
  setPlaceOf(path: readonly string[]): string | null
}

interface Source {
  env: NodeJS.ProcessEnv
  cwd: string
  /** The path given with `-c`, relative to `cwd`. */
  file?: string | undefined
}

/**
 * Reads config.yaml (in `M3M_HOME`, or the file named with `-c`) and `M3M_*` over it.
 * A missing config.yaml means the defaults; a missing file that was named with `-c` is an error.
 *
 * @throws CONFIG_UNREADABLE, CONFIG_INVALID (one line for each problem: place, key, fault, cure)
 */
export function readConfig({ env, cwd, file }: Source): AgentConfig {
  const home = resolve(cwd, env['M3M_HOME'] ?? '.')
  const path = file === undefined ? join(home, 'config.yaml') : resolve(cwd, file)
  const text = readText(path, file !== undefined)
  const lines = new LineCounter()
  const document = parseDocument(text ?? '', { lineCounter: lines, prettyErrors: false })
  const shown = relative(cwd, path) || path
  refuseBrokenYaml(document, lines, shown)

  const overrides = readOverrides(configSchema, env)
  const tree = withOverrides(document.toJS() as unknown, overrides.set)
  const placeOf = (at: readonly PropertyKey[]) =>
    placeOfKey({ at, document, lines, overrides: overrides.set, shown })
  const result = configSchema.safeParse(tree)
  const problems = [
    ...(result.error?.issues ?? []).flatMap((issue) => describe(issue, placeOf)),
    ...overrides.unknown.map((name) => unknownVariable(name, overrides.known)),
  ]
  if (problems.length > 0) throw configErrors.CONFIG_INVALID({ problems })
  const values = absolute(result.data!, home)
  return {
    ...values,
    home,
    file: text === null ? null : path,
    placeOf,
    setPlaceOf: (at) => setPlaceOf({ at, document, lines, overrides: overrides.set, shown }),
  }
}

function readText(path: string, required: boolean): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw configErrors.CONFIG_UNREADABLE({ file: path, reason: messageOf(error) }, { cause: error })
  }
}

function refuseBrokenYaml(document: Document, lines: LineCounter, shown: string): void {
  const problems = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0])
    return `${shown}:${line}:${col}: is not YAML: ${error.message}.`
  })
  const root = document.contents
  if (problems.length === 0 && root !== null && !isMap(root) && !(isScalar(root) && root.value === null))
    problems.push(`${shown}:1: expected sections such as "server:", not a single value or a list.`)
  if (problems.length > 0) throw configErrors.CONFIG_INVALID({ problems })
}

/** A key that is written without a value (`secret:`) counts as absent. */
function withOverrides(tree: unknown, overrides: readonly Override[]): Record<string, unknown> {
  const root = (withoutNulls(tree) ?? {}) as Record<string, unknown>
  for (const { path, value } of overrides) {
    let node = root
    for (const key of path.slice(0, -1)) {
      const next = node[key]
      node = (typeof next === 'object' && next !== null ? next : (node[key] = {})) as Record<string, unknown>
    }
    node[path.at(-1)!] = value
  }
  return root
}

function withoutNulls(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const entries = Object.entries(value).filter(([, child]) => child !== null)
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutNulls(child)]))
}

function describe(issue: z.core.$ZodIssue, placeOf: (at: readonly PropertyKey[]) => string): string[] {
  const key = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [`${placeOf(issue.path)}: ${key}: ${withDot(issue.message)}`]
  return issue.keys.map((name) => {
    const near = nearest(name, keysAt(issue.path))
    const cure = near ? `did you mean "${near}"?` : `known here: ${keysAt(issue.path).join(', ')}.`
    return `${placeOf([...issue.path, name])}: unknown key "${[...issue.path, name].join('.')}"; ${cure}`
  })
}

function unknownVariable(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  const cure = near ? `did you mean ${near}?` : 'remove the variable.'
  return `${name}: no key of the configuration has this name; ${cure}`
}

const withDot = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`)

function absolute(values: ConfigValues, home: string): ConfigValues {
  const at = (path: string) => resolve(home, path)
  const { tls } = values.server
  return {
    ...values,
    server: {
      ...values.server,
      tls: typeof tls === 'string' ? tls : { cert: at(tls.cert), key: at(tls.key) },
    },
    datastore: { path: at(values.datastore.path) },
    storage: { ...values.storage, path: at(values.storage.path) },
    backup: { ...values.backup, path: at(values.backup.path) },
    logging: { ...values.logging, path: at(values.logging.path) },
    plugins: { ...values.plugins, path: at(values.plugins.path) },
  }
}

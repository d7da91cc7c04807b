// plugin.json, read as data: nothing of a plugin runs here.
import { validRange, satisfies, valid } from 'semver'
import { isPlainObject } from '../sandbox/codec.ts'
import {
  CONFIG_TYPES,
  PLUGIN_API_VERSION,
  PLUGIN_PERMISSIONS,
  type ConfigKey,
  type ConfigType,
  type PluginManifest,
  type PluginPermission,
} from './plugin.contract.ts'
import { pluginErrors } from './plugin.errors.ts'
import { ownerOf } from './reserved-names.ts'

/** Names of folders, in kebab case: they stand in paths, addresses and config.yaml. */
export const PLUGIN_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
/** A manifest is short; more is a mistake or an attack on the parser. */
export const MAX_MANIFEST_BYTES = 64 * 1024
const MAX_NAME_CHARS = 50
const MAX_CONFIG_KEYS = 100

const KEYS = [
  '$schema',
  'name',
  'global',
  'version',
  'api',
  'author',
  'url',
  'description',
  'main',
  'native',
  'sandbox',
  'types',
  'docs',
  'permissions',
  'config',
]

/**
 * Checks the text of a `plugin.json`. `folder` is the name of the folder it lies in, which must be the plugin's.
 *
 * @throws PLUGIN_MANIFEST, PLUGIN_API, PLUGIN_NAME_TAKEN
 */
export function parseManifest(text: string, folder: string): PluginManifest {
  const wrong = (problem: string) => pluginErrors.PLUGIN_MANIFEST({ plugin: folder.slice(0, 100), problem })
  const value = parse(text, wrong)
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) throw wrong(`it has the unknown key "${unknown.slice(0, 50)}"`)
  const read = new ManifestReader(value, wrong)
  const name = read.text('name', MAX_NAME_CHARS)
  if (!PLUGIN_NAME.test(name)) throw wrong('"name" must be lower-case letters, digits and single dashes')
  if (name !== folder) throw wrong(`"name" is "${name}" but its folder is "${folder.slice(0, 100)}"`)
  const manifest: PluginManifest = {
    name,
    global: globalOf(read.optional('global', MAX_NAME_CHARS) || camel(name), name, wrong),
    version: read.text('version', 100),
    api: read.text('api', 100),
    author: read.optional('author', 200),
    url: urlOf(read.optional('url', 500), wrong),
    description: read.optional('description', 1_000),
    ...entryOf(read, wrong),
    sandbox: read.path('sandbox', /\.(ts|js)$/, 'a .ts or .js file'),
    types: read.path('types', /\.d\.ts$/, 'a .d.ts file'),
    docs: read.path('docs', /\.md$/, 'a .md file'),
    permissions: permissionsOf(value['permissions'], wrong),
    config: configOf(value['config'], wrong),
  }
  if (valid(manifest.version) === null) throw wrong(`"version" must be a version such as 1.0.0`)
  if (validRange(manifest.api) === null) throw wrong(`"api" must be a range such as ^${PLUGIN_API_VERSION}`)
  if (!satisfies(PLUGIN_API_VERSION, manifest.api))
    throw pluginErrors.PLUGIN_API({ plugin: name, range: manifest.api, api: PLUGIN_API_VERSION })
  return manifest
}

type Wrong = (problem: string) => Error

function parse(text: string, wrong: Wrong): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw wrong(`it is no JSON (${(error as Error).message})`)
  }
  if (!isPlainObject(value)) throw wrong('it must be an object')
  return value
}

class ManifestReader {
  readonly #value: Record<string, unknown>
  readonly #wrong: Wrong

  constructor(value: Record<string, unknown>, wrong: Wrong) {
    this.#value = value
    this.#wrong = wrong
  }

  text(key: string, most: number): string {
    const text = this.optional(key, most)
    if (text === '') throw this.#wrong(`"${key}" is missing`)
    return text
  }

  optional(key: string, most: number): string {
    const text = Object.hasOwn(this.#value, key) ? this.#value[key] : ''
    if (typeof text !== 'string' || text.length > most)
      throw this.#wrong(`"${key}" must be a text of at most ${most} characters`)
    return text.trim()
  }

  /** A file below the plugin's folder, `/`-separated; that no link leads out of it is seen where it is opened. */
  path(key: string, ending: RegExp, what: string): string | null {
    const path = this.optional(key, 200).replace(/^\.\//, '')
    if (path === '') return null
    const inside = path.split('/').every((part) => /^[A-Za-z0-9_@][A-Za-z0-9._@-]*$/.test(part))
    if (!inside || !ending.test(path)) throw this.#wrong(`"${key}" must be the path of ${what} in its folder`)
    return path
  }
}

function entryOf(read: ManifestReader, wrong: Wrong): Pick<PluginManifest, 'kind' | 'entry'> {
  const main = read.path('main', /\.(ts|js|mjs)$/, 'a .ts or .js file')
  const native = read.path('native', /\.so$/, 'a .so file')
  if ((main === null) === (native === null))
    throw wrong('it needs either "main" (a module) or "native" (a shared object)')
  return native === null ? { kind: 'js', entry: main! } : { kind: 'native', entry: native }
}

function globalOf(global: string, plugin: string, wrong: Wrong): string {
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(global)) throw wrong('"global" must be letters and digits')
  const owner = ownerOf(global)
  if (owner !== null) throw pluginErrors.PLUGIN_NAME_TAKEN({ plugin, global, owner })
  return global
}

/** Shown as a link: nothing but the web. */
function urlOf(url: string, wrong: Wrong): string {
  if (url === '' || /^https?:$/.test(URL.parse(url)?.protocol ?? '')) return url
  throw wrong('"url" must begin with https://')
}

function permissionsOf(value: unknown, wrong: Wrong): PluginPermission[] {
  if (value === undefined) return []
  const known: readonly unknown[] = PLUGIN_PERMISSIONS
  if (!Array.isArray(value) || !value.every((each) => known.includes(each)))
    throw wrong(`"permissions" must be a list of ${PLUGIN_PERMISSIONS.join(', ')}`)
  return [...new Set(value as PluginPermission[])]
}

function configOf(value: unknown, wrong: Wrong): Record<string, ConfigKey> {
  if (value === undefined) return {}
  if (!isPlainObject(value) || Object.keys(value).length > MAX_CONFIG_KEYS)
    throw wrong(`"config" must be an object of at most ${MAX_CONFIG_KEYS} settings`)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, configKey(key, each, wrong)]))
}

function configKey(key: string, value: unknown, wrong: Wrong): ConfigKey {
  const at = `config.${key.slice(0, 50)}`
  if (!/^[a-z][A-Za-z0-9]{0,49}$/.test(key)) throw wrong(`"${at}" must have a name of letters and digits`)
  if (!isPlainObject(value)) throw wrong(`"${at}" must be an object such as {"type": "string"}`)
  const { type, description = '', secret = false, required = false, default: fallback, ...rest } = value
  const unknown = Object.keys(rest)[0]
  if (unknown !== undefined) throw wrong(`"${at}" has the unknown key "${unknown.slice(0, 50)}"`)
  if (!(CONFIG_TYPES as readonly unknown[]).includes(type))
    throw wrong(`"${at}.type" must be one of ${CONFIG_TYPES.join(', ')}`)
  if (typeof description !== 'string' || typeof secret !== 'boolean' || typeof required !== 'boolean')
    throw wrong(`"${at}" needs a text as description, and true or false for secret and required`)
  if (fallback !== undefined && !isOfType(type as ConfigType, fallback))
    throw wrong(`"${at}.default" is not of its type ${String(type)}`)
  return {
    type: type as ConfigType,
    description: description.slice(0, 500),
    secret,
    required,
    ...(fallback !== undefined && { default: fallback }),
  }
}

/** Whether a value is what a setting's type says. */
function isOfType(type: ConfigType, value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return Number.isSafeInteger(value)
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'strings':
      return Array.isArray(value) && value.every((each) => typeof each === 'string')
  }
}

/** What is wrong with settings, by their names, each as the rest of a sentence; empty when all is well. */
export function settingProblems(
  { config }: PluginManifest,
  given: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const key of Object.keys(given))
    if (!Object.hasOwn(config, key)) problems[key] = 'is not one that the plugin has'
  for (const [key, { type, required, default: fallback }] of Object.entries(config)) {
    const value = Object.hasOwn(given, key) ? given[key] : fallback
    if (value === undefined && required) problems[key] = 'is missing'
    else if (value !== undefined && !isOfType(type, value))
      problems[key] = `must be ${type === 'strings' ? 'a list of texts' : `of type ${type}`}`
  }
  return problems
}

/**
 * The settings of a plugin: what was given, and the manifest's defaults for the rest.
 *
 * @throws PLUGIN_CONFIG
 */
export function settingsOf(
  manifest: PluginManifest,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const [problem] = Object.entries(settingProblems(manifest, given))
  if (problem)
    throw pluginErrors.PLUGIN_CONFIG({ plugin: manifest.name, key: problem[0], problem: problem[1] })
  return Object.fromEntries(
    Object.entries(manifest.config).flatMap(([key, { default: fallback }]) => {
      const value = Object.hasOwn(given, key) ? given[key] : fallback
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

/** `native-hash` → `nativeHash`. */
function camel(kebab: string): string {
  return kebab.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
}

// The `.d.ts` of one project for the editor: the modules in both spellings and what the project has.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { rooms } from '../modules/rooms.ts'
import type { ModuleDefinition } from '../module/define-module.ts'
import { makeTwin } from './twin.ts'

/** A field of a model, as far as its type matters. */
export interface TypedField {
  key: string
  type: string
  required?: boolean | undefined
  nullable?: boolean | undefined
  default?: unknown
  multiple?: boolean | undefined
  options?: readonly string[] | undefined
  help?: string | undefined
}

export interface ProjectTypesInput {
  models: readonly { slug: string; name: string; fields: readonly TypedField[] }[]
  variables: readonly { key: string; type: string }[]
  /** Whole slugs of the goals it may use. */
  goals?: readonly string[]
  /** Paths of the branch's files, for `$require`. */
  files?: readonly string[]
  /** Further rooms (plugins) with their declarations. */
  extra?: readonly { definition: Pick<ModuleDefinition, 'name' | 'aliases' | 'twin'>; dts: string }[]
}

const modulesFolder = resolve(import.meta.dirname, '../modules')
const VARIABLE_TYPES: Record<string, string> = {
  integer: 'number',
  float: 'number',
  boolean: 'boolean',
  json: 'any',
}

let base: string | undefined

/** The declarations; pure but for the rooms' own files, which are read once. */
export function createProjectTypes({
  models,
  variables,
  goals = [],
  files = [],
  extra = [],
}: ProjectTypesInput): string {
  base ??= baseTypes()
  return [
    base,
    ...extra.map(({ definition, dts }) => declareRoom(definition, dts)),
    variablesType(variables),
    ...modelTypes(models),
    offered(
      'ProjectFile',
      files.map((path) => path.replace(/\.(js|ts)$/, '')),
    ),
    offered(
      'ModelSlug',
      models.map(({ slug }) => slug),
    ),
    offered('GoalSlug', goals),
  ].join('\n')
}

/** Any text, of which the editor offers these. */
function offered(name: string, texts: readonly string[]): string {
  return `type ${name} = ${texts.length > 0 ? `${texts.map(quoted).join(' | ')} | (string & {})` : 'string'}\n`
}

/** The declarations a room shows. */
export function roomDeclarations(name: string): string {
  return readFileSync(join(modulesFolder, name, `${name}.d.ts`), 'utf8')
}

/** The declarations of what every service has besides the modules. */
export function globalDeclarations(): string {
  return ['globals.d.ts', 'streams.d.ts']
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n')
}

function baseTypes(): string {
  return [globalDeclarations(), ...rooms.map((room) => declareRoom(room, roomDeclarations(room.name)))].join(
    '\n',
  )
}

/** Interfaces in both spellings, and the globals. A room's interface is `<Name>Module`. */
function declareRoom(
  { name, aliases = [], twin = true }: Pick<ModuleDefinition, 'name' | 'aliases' | 'twin'>,
  dts: string,
): string {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Module`
  const made = twin ? makeTwin(dts, ['ProjectModels']) : null
  const lines = [dts.trimEnd(), made?.text ?? '']
  for (const each of [name, ...aliases]) {
    lines.push(`declare const ${each}: ${type}`)
    if (made) lines.push(`declare const $${each}: ${made.nameOf(type)}`)
  }
  return `${lines.join('\n')}\n`
}

function variablesType(variables: ProjectTypesInput['variables']): string {
  const members = variables.map(({ key, type }) => `  ${quoted(key)}: ${VARIABLE_TYPES[type] ?? 'string'}`)
  return `/** The project's variables. */\ninterface ProjectVariables {\n${members.join('\n')}\n}\n`
}

function modelTypes(models: ProjectTypesInput['models']): string[] {
  const named = models.map((model, i) => ({ model, type: `Model${i}_${model.slug.replace(/\W/g, '_')}` }))
  const interfaces = named.flatMap(({ model, type }) => [
    `/** ${comment(model.name)} */\ninterface ${type} extends RecordBase {\n${model.fields.map((field) => fieldLine(field, 'record')).join('')}}\n`,
    `interface ${type}Input {\n${model.fields.map((field) => fieldLine(field, 'input')).join('')}}\n`,
  ])
  const members = (dollar: string) =>
    named
      .map(
        ({ model, type }) =>
          `  ${quoted(model.slug)}: ${dollar}Collection<${dollar ? `Blocking<${type}>` : type}, ${type}Input>\n`,
      )
      .join('')
  return [
    ...interfaces,
    `type Blocking<R> = { [K in keyof R]: R[K] extends Date ? string : R[K] extends Date | null ? string | null : R[K] }\n`,
    `interface ProjectModels {\n${members('')}}\n`,
    `interface $ProjectModels {\n${members('$')}}\n`,
  ]
}

function fieldLine(field: TypedField, form: 'record' | 'input'): string {
  const type = fieldType(field, form)
  const nullable = field.nullable || (!field.required && field.default === undefined)
  const help = field.help ? `  /** ${comment(field.help)} */\n` : ''
  const optional = form === 'input' && !(field.required && field.default === undefined) ? '?' : ''
  return `${help}  ${quoted(field.key)}${optional}: ${type}${nullable ? ' | null' : ''}\n`
}

function fieldType({ type, options, multiple }: TypedField, form: 'record' | 'input'): string {
  const choice = options && options.length > 0 ? options.map(quoted).join(' | ') : 'string'
  switch (type) {
    case 'number':
    case 'float':
      return 'number'
    case 'bool':
      return 'boolean'
    case 'document':
      return 'any'
    case 'date':
    case 'datetime':
    case 'autodate':
      return form === 'record' ? 'Date' : 'Date | string'
    case 'select':
      return choice
    case 'multiselect':
      return `(${choice})[]`
    case 'file':
    case 'ref':
      return multiple ? 'string[]' : 'string'
    default:
      return 'string'
  }
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

function comment(text: string): string {
  return text.replaceAll('*/', '* /').replace(/\s+/g, ' ')
}

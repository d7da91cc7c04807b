import type { Field, Model } from '@m3m/core/client'

/** How programs reach the records of a model: code that runs as it stands, once a key is put in. Pure. */

export const CALLS = ['list', 'get', 'create', 'update', 'delete', 'realtime'] as const
export type Call = (typeof CALLS)[number]
export const LANGUAGES = ['curl', 'javascript', 'service'] as const
export type CodeLanguage = (typeof LANGUAGES)[number]

/** What a key must be allowed to do. */
export const scopeOf = (call: Call): 'records:read' | 'records:write' =>
  call === 'list' || call === 'get' || call === 'realtime' ? 'records:read' : 'records:write'

export interface Target {
  /** `https://host:port`. */
  origin: string
  project: string
  model: Model
  /** Text filter and sort that the examples ask by; what the table shows now. */
  filter: string
  sort: string
}

export const baseUrl = ({ origin, project, model }: Pick<Target, 'origin' | 'project' | 'model'>): string =>
  `${origin}/api/v1/projects/${project}/records/${model.slug}`

export function exampleOf(call: Call, language: CodeLanguage, target: Target): string {
  return { curl, javascript, service }[language](call, target)
}

const SAMPLE_ID = '6566f0c2a1b2c3d4e5f60718'

/** A record that the model takes: its required fields, and some more. */
export function sampleRecord(model: Model): Record<string, unknown> {
  const shown = model.fields.filter(({ type }) => type !== 'autodate' && type !== 'file')
  const needed = shown.filter(({ required }) => required)
  const fields = [...new Set([...needed, ...shown])].slice(0, Math.max(needed.length, 4))
  return Object.fromEntries(fields.map((field) => [field.key, sampleValue(field)]))
}

function sampleValue(field: Field): unknown {
  switch (field.type) {
    case 'number':
    case 'float':
      return typeof field.min === 'number' ? field.min : 10
    case 'bool':
      return true
    case 'date':
      return '2026-01-31'
    case 'datetime':
      return '2026-01-31T12:00:00.000Z'
    case 'select':
      return field.options?.[0] ?? 'open'
    case 'multiselect':
      return field.options?.slice(0, 1) ?? []
    case 'email':
      return 'ann@example.com'
    case 'url':
      return 'https://example.com'
    case 'ref':
      return field.multiple ? [SAMPLE_ID] : SAMPLE_ID
    case 'document':
      return { note: 'any JSON' }
    default:
      return field.format === 'html' ? '<p>Hello</p>' : 'Hello'
  }
}

/** The first field that may be changed alone. */
function sampleChange(model: Model): Record<string, unknown> {
  const [first] = Object.entries(sampleRecord(model))
  return first ? { [first[0]]: first[1] } : {}
}

function listParams({ filter, sort }: Target): [string, string][] {
  return [
    ...(filter ? [['filter', filter] as [string, string]] : []),
    ['sort', sort || '-createdAt'],
    ['pageSize', '50'],
  ]
}

/** Inside single quotes of a shell. */
const shell = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
const HEAD = String.raw`-H "Authorization: Bearer $M3M_KEY"`

function curl(call: Call, target: Target): string {
  const url = baseUrl(target)
  const json = (data: object) =>
    `  -H 'Content-Type: application/json' \\\n  -d ${shell(JSON.stringify(data))}`
  switch (call) {
    case 'list':
      return [
        `curl -G ${url} \\`,
        `  ${HEAD} \\`,
        listParams(target)
          .map(([name, value]) => `  --data-urlencode ${shell(`${name}=${value}`)}`)
          .join(' \\\n'),
      ].join('\n')
    case 'get':
      return `curl ${url}/${SAMPLE_ID} \\\n  ${HEAD}`
    case 'create':
      return `curl -X POST ${url} \\\n  ${HEAD} \\\n${json(sampleRecord(target.model))}`
    case 'update':
      return `curl -X PATCH ${url}/${SAMPLE_ID} \\\n  ${HEAD} \\\n${json(sampleChange(target.model))}`
    case 'delete':
      return `curl -X DELETE ${url}/${SAMPLE_ID} \\\n  ${HEAD}`
    case 'realtime':
      return `curl -N ${url}/events \\\n  ${HEAD}`
  }
}

function javascript(call: Call, target: Target): string {
  const url = baseUrl(target)
  const head = `const base = '${url}'\nconst headers = { authorization: \`Bearer \${process.env.M3M_KEY}\` }\n\n`
  const sent = (data: object) =>
    `{\n  method: '${call === 'create' ? 'POST' : 'PATCH'}',\n  headers: { ...headers, 'content-type': 'application/json' },\n  body: JSON.stringify(${literalOf(data, '  ')}),\n}`
  const read = `if (!answer.ok) throw new Error((await answer.json()).error.message)\n`
  switch (call) {
    case 'list':
      return `${head}const query = new URLSearchParams(${literalOf(Object.fromEntries(listParams(target)))})\nconst answer = await fetch(\`\${base}?\${query}\`, { headers })\n${read}const { items, total, cursor } = await answer.json()\n// The next page: the same query with cursor instead of page.`
    case 'get':
      return `${head}const answer = await fetch(\`\${base}/${SAMPLE_ID}\`, { headers })\n${read}const record = await answer.json()`
    case 'create':
      return `${head}const answer = await fetch(base, ${sent(sampleRecord(target.model))})\n${read}const record = await answer.json()`
    case 'update':
      return `${head}const answer = await fetch(\`\${base}/${SAMPLE_ID}\`, ${sent(sampleChange(target.model))})\n${read}const record = await answer.json()`
    case 'delete':
      return `${head}const answer = await fetch(\`\${base}/${SAMPLE_ID}\`, { method: 'DELETE', headers })\n${read.trimEnd()}`
    case 'realtime':
      return `${head}// Server-sent events with a key: EventSource sends no headers, so the stream is read by hand.\nconst answer = await fetch(\`\${base}/events\`, { headers })\nlet text = ''\nfor await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {\n  text += chunk\n  const events = text.split('\\n\\n')\n  text = events.pop()\n  for (const event of events) {\n    const data = event.split('\\n').find((line) => line.startsWith('data: '))\n    if (data) console.log(JSON.parse(data.slice(6)))\n  }\n}`
  }
}

/** In the code of a service no key is needed: it is in the project. */
function service(call: Call, { model, filter, sort }: Target): string {
  const isWord = /^[A-Za-z_$][\w$]*$/.test(model.slug)
  const name = isWord ? `database.${model.slug}` : `database.collection('${model.slug}')`
  switch (call) {
    case 'list': {
      const asked = filter ? JSON.stringify(filter) : '{}'
      const order = JSON.stringify(sort || '-createdAt')
      return `const records = await ${name}.find(${asked}, {\n  sort: ${order},\n  limit: 50,\n})\n\nconst { items, total } = await ${name}.paginate(${asked}, { page: 1, pageSize: 50 })`
    }
    case 'get':
      return `const record = await ${name}.findById('${SAMPLE_ID}')\n// null when there is none`
    case 'create':
      return `const record = await ${name}.insert(${literalOf(sampleRecord(model))})`
    case 'update':
      return `const record = await ${name}.update('${SAMPLE_ID}', ${literalOf(sampleChange(model))})`
    case 'delete':
      return `await ${name}.delete('${SAMPLE_ID}')`
    case 'realtime':
      return `events.onRecord('${model.slug}', 'insert', async (change) => {\n  logger.info('new record', change.record)\n})`
  }
}

/** An object as code: keys without quotes where they need none. */
function literalOf(data: object, indent = ''): string {
  return JSON.stringify(data, null, 2)
    .replaceAll(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:')
    .replaceAll('\n', `\n${indent}`)
}

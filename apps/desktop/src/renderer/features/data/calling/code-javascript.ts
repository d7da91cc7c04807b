import type { Call, CallRequest } from './calls.ts'
import { literalOf } from './code-text.ts'

/** Server-sent events are read by hand: EventSource sends no headers. */
const READ_EVENTS = `let text = ''
for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
  text += chunk
  const events = text.split('\\n\\n')
  text = events.pop()
  for (const event of events) {
    const data = event.split('\\n').find((line) => line.startsWith('data: '))
    if (data) console.log(JSON.parse(data.slice(6)))
  }
}`

const CHECK = 'if (!answer.ok) throw new Error((await answer.json()).error.message)'

/** What becomes of the answer. */
const THEN: Record<Call, string> = {
  list: 'const { items, total, pages } = await answer.json()',
  search: 'const { items, total } = await answer.json()',
  pages: '',
  expand:
    'const { items } = await answer.json()\nfor (const { id, expand } of items) console.log(id, expand)',
  get: 'const record = await answer.json()',
  aggregate: 'const { rows } = await answer.json()\nconsole.table(rows)',
  realtime: READ_EVENTS,
  create: 'const record = await answer.json()',
  update: 'const record = await answer.json()',
  match: 'const record = await answer.json()',
  upsert: 'const record = await answer.json()',
  delete: '',
  bulk: 'const { complete, results } = await answer.json()\nif (!complete) console.error(results.at(-1).error)',
  batch:
    'const { complete, results } = await answer.json()\nif (!complete) console.error(results.at(-1).error)',
  upload: 'const record = await answer.json()',
  file: 'const bytes = await answer.bytes()',
}

/** The call as JavaScript of Node or a browser. */
export function javascriptCode(call: Call, request: CallRequest): string {
  const { url, query, form, version } = request
  const head = [
    `const url = '${url}'`,
    'const headers = { authorization: `Bearer ${process.env.M3M_KEY}` }',
  ].join('\n')
  if (call === 'pages') return `${head}\n\n${pagesLoop(query)}`
  const parts = [
    ...(query.length > 0
      ? [`const query = new URLSearchParams(${literalOf(Object.fromEntries(query))})`]
      : []),
    ...(form ? [formOf(form)] : []),
    `const answer = await fetch(${query.length > 0 ? '`${url}?${query}`' : 'url'}, ${optionsOf(request)})`,
    ...(version === undefined ? [] : [CONFLICT]),
    CHECK,
    ...(THEN[call] ? [THEN[call]] : []),
  ]
  return `${head}\n\n${parts.join('\n')}`
}

/** Before the general check: it has what the two differ in. */
const CONFLICT = `if (answer.status === 409) {
  const { current } = await answer.json()
  throw new Error(\`Changed meanwhile, to version \${current.version}\`)
}`

function optionsOf({ method, json, form, version }: CallRequest): string {
  const more = [
    ...(version === undefined ? [] : [`'if-match': '"${version}"'`]),
    ...(json ? [`'content-type': 'application/json'`] : []),
  ]
  const headers = more.length > 0 ? `headers: { ...headers, ${more.join(', ')} }` : 'headers'
  if (method === 'GET') return `{ ${headers} }`
  const body = json ? `JSON.stringify(${literalOf(json, '  ')})` : form ? 'form' : ''
  if (!body) return `{ method: '${method}', ${headers} }`
  return `{\n  method: '${method}',\n  ${headers},\n  body${body === 'form' ? ': form' : `: ${body}`},\n}`
}

function formOf({ field, file, values }: NonNullable<CallRequest['form']>): string {
  return [
    `// In a page: form.set('${field}', input.files[0])`,
    `const { openAsBlob } = await import('node:fs')`,
    'const form = new FormData()',
    `form.set('${field}', await openAsBlob('${file}'), '${file}')`,
    `form.set('@jsonPayload', JSON.stringify(${literalOf(values)}))`,
  ].join('\n')
}

function pagesLoop(query: CallRequest['query']): string {
  return `const asked = ${literalOf(Object.fromEntries(query))}
let cursor
do {
  const query = new URLSearchParams({ ...asked, ...(cursor && { cursor }) })
  const answer = await fetch(\`\${url}?\${query}\`, { headers })
  ${CHECK}
  const page = await answer.json()
  for (const record of page.items) console.log(record.id)
  cursor = page.cursor
} while (cursor)`
}

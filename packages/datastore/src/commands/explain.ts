import { readSort } from '../query/sort.ts'
import type { Collation } from '../bson/collation.ts'
import { decode } from '../bson/decode.ts'
import { optionNumber } from '../bson/number.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { comparing, comparisonOf } from '../expression/scope.ts'
import { makePlan, type Plan, type PlanRequest } from '../query/plan.ts'
import { openScan } from '../query/scan.ts'
import { rowTest, soleId } from '../query/select.ts'
import type { Collection } from '../store/collection.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'
import { readBetween } from '../query/between.ts'
import { readLead } from './aggregate.ts'
import { collationOf, docOption } from './options.ts'

/** What each command would look for. */
const REQUESTS: Record<string, (inner: Doc, context: Context) => PlanRequest> = {
  find: (inner) => ({
    filter: docOption(inner, 'filter') ?? new Map(),
    sort: readSort(docOption(inner, 'sort')),
    hint: inner.get('hint'),
    between: readBetween(inner),
    wanted: wantedOf(inner.get('limit'), inner.get('skip')),
  }),
  count: (inner) => ({ filter: docOption(inner, 'query') ?? new Map(), sort: [], hint: inner.get('hint') }),
  distinct: (inner) => ({ filter: docOption(inner, 'query') ?? new Map(), sort: [] }),
  findAndModify: (inner) => ({
    filter: docOption(inner, 'query') ?? new Map(),
    sort: readSort(docOption(inner, 'sort')),
    hint: inner.get('hint'),
  }),
  update: (inner, context) => statementRequest(inner, context, 'updates'),
  delete: (inner, context) => statementRequest(inner, context, 'deletes'),
  aggregate(inner) {
    const pipeline = inner.get('pipeline')
    const { query } = readLead(Array.isArray(pipeline) ? (pipeline as Doc[]) : [])
    const wanted = wantedOf(query.limit, query.skip)
    return { filter: query.filter, sort: query.sort ?? [], hint: inner.get('hint'), wanted }
  },
}

function wantedOf(limit: Value | undefined, skip: Value | undefined): number {
  const first = Math.abs(optionNumber(limit) ?? 0)
  return first > 0 ? first + (optionNumber(skip) ?? 0) : 0
}

function firstStatement(inner: Doc, context: Context, field: string): Doc {
  const list = inner.get(field)
  const sequence = context.request.sequences.get(field)
  const first = Array.isArray(list) ? list[0] : sequence?.[0] && decode(sequence[0])
  if (!isDoc(first)) throw mongoError('FailedToParse', `explain of ${field} needs a statement`)
  return first
}

function statementRequest(inner: Doc, context: Context, field: string): PlanRequest {
  const first = firstStatement(inner, context, field)
  return { filter: docOption(first, 'q') ?? new Map(), sort: [], hint: first.get('hint') }
}

/** A statement of an update or delete has a collation of its own. */
function collationHolder(inner: Doc, context: Context): Doc {
  const field = inner.has('update') ? 'updates' : inner.has('delete') ? 'deletes' : null
  return field ? firstStatement(inner, context, field) : inner
}

const VERBOSITIES: ReadonlySet<Value> = new Set(['queryPlanner', 'executionStats', 'allPlansExecution'])

export const explain: Command = async (context) => {
  const inner = context.body.get('explain')
  if (!isDoc(inner))
    throw mongoError('TypeMismatch', "BSON field 'explain.explain' is the wrong type, expected type 'object'")
  const [[command, name]] = inner as unknown as [[string, Value]]
  const request = REQUESTS[command]?.(inner, context)
  if (!request || typeof name !== 'string')
    throw mongoError('CommandNotFound', `Explain failed due to unknown command: ${command}`)
  const collection = collectionOf(context, name)
  const variables = new Map(comparing(collationOf(collationHolder(inner, context), collection)))
  request.order = comparisonOf(variables)
  const plan = collection && makePlan(collection, request)
  const verbosity = context.body.get('verbosity') ?? 'allPlansExecution'
  if (!VERBOSITIES.has(verbosity))
    throw mongoError('BadValue', `Enumeration value for field 'explain.verbosity' is not a valid value.`)
  const reply = new Map<string, Value>([
    ['explainVersion', '1'],
    ['queryPlanner', plannerDoc(context, { name, request, plan })],
  ])
  if (collection && plan && verbosity !== 'queryPlanner') {
    reply.set('executionStats', await execute(context, { collection, plan, request, inner }))
  }
  return reply
    .set(
      'serverInfo',
      new Map<string, Value>([
        ['host', 'm3m'],
        ['version', '7.0.14'],
      ]),
    )
    .set('command', new Map([...inner, ['$db', context.db]]))
}

function plannerDoc(
  { db }: Context,
  { name, request, plan }: { name: string; request: PlanRequest; plan: Plan | null },
): Doc {
  return new Map<string, Value>([
    ['namespace', `${db}.${name}`],
    ['parsedQuery', request.filter],
    ...collationDoc(request.order?.collation ?? null),
    ['winningPlan', plan ? planDoc(plan, request) : new Map([['stage', 'EOF']])],
    ['rejectedPlans', []],
  ])
}

function planDoc(plan: Plan, request: PlanRequest): Doc {
  const { filter, hint, between, order } = request
  if (soleId({ filter, hint, between, variables: new Map(comparing(order?.collation ?? null)) }) !== null)
    return new Map([['stage', 'IDHACK']])
  const base = readDoc(plan)
  if (request.filter.size > 0) base.set('filter', request.filter)
  if (plan.sorted) return base
  const pattern: Doc = new Map(
    request.sort.map(({ path, descending }) => [path, descending ? -1 : 1] as const),
  )
  return new Map<string, Value>([
    ['stage', 'SORT'],
    ['sortPattern', pattern],
    ['inputStage', base],
  ])
}

function readDoc(plan: Plan): Doc {
  const direction = plan.reverse ? 'backward' : 'forward'
  if (plan.kind === 'collection')
    return new Map<string, Value>([
      ['stage', 'COLLSCAN'],
      ['direction', direction],
    ])
  const input: Doc = plan.parts
    ? new Map<string, Value>([
        ['stage', 'OR'],
        ['inputStages', plan.parts.map(readDoc)],
      ])
    : indexDoc(plan, direction)
  return new Map<string, Value>([
    ['stage', 'FETCH'],
    ['inputStage', input],
  ])
}

function indexDoc({ index, ranges }: Plan, direction: string): Doc {
  return new Map<string, Value>([
    ['stage', 'IXSCAN'],
    ['keyPattern', index?.key ?? new Map([['_id', 1]])],
    ['indexName', index?.name ?? '_id_'],
    ['isMultiKey', index?.multikey ?? false],
    ['isUnique', index?.unique ?? true],
    ...collationDoc(index?.collation ?? null),
    ['direction', direction],
    ['ranges', ranges.length],
  ])
}

function collationDoc(collation: Collation | null): [string, Value][] {
  return collation ? [['collation', collation.spec]] : []
}

interface Execution {
  collection: Collection
  plan: Plan
  request: PlanRequest
  inner: Doc
}

/** Runs the plan and counts. */
async function execute({ pause }: Context, { collection, plan, request, inner }: Execution): Promise<Doc> {
  const begin = performance.now()
  const { skip, limit } = windowOf(inner)
  const scan = openScan(collection, plan, { first: 128 })
  const matches = rowTest(request.filter, new Map(comparing(request.order?.collation ?? null)))
  let examined = 0
  let matched = 0
  for (let rows = await pause.page(scan); rows.length > 0; rows = await pause.page(scan)) {
    for (const row of rows) {
      // an order that the index gives needs no more than is asked for
      if (plan.sorted && matched === skip + limit) break
      examined++
      if (matches(row)) matched++
    }
    if (plan.sorted && matched === skip + limit) break
  }
  const counts: [string, Value][] = [
    ['nReturned', Math.max(0, Math.min(matched - skip, limit))],
    ['executionTimeMillis', Math.round(performance.now() - begin)],
    ['totalKeysExamined', plan.kind === 'collection' ? 0 : examined],
    ['totalDocsExamined', examined],
  ]
  return new Map<string, Value>([
    ['executionSuccess', true],
    ...counts,
    ['executionStages', new Map([...planDoc(plan, request), ...counts])],
    ['allPlansExecution', []],
  ])
}

function windowOf(inner: Doc): { skip: number; limit: number } {
  const limit = Math.abs(optionNumber(inner.get('limit')) ?? 0)
  return { skip: optionNumber(inner.get('skip')) ?? 0, limit: limit === 0 ? Infinity : limit }
}

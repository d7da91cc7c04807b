import { keyOf } from '../bson/key.ts'
import { optionNumber } from '../bson/number.ts'
import { Binary, DateTime, isDoc, type Doc, type Value } from '../bson/value.ts'
import type { Command, Context } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'

/** The sessions that a command names: `[{ id: UUID }]`, by the bytes of their ids. */
function sessionsOf({ body }: Context, command: string): string[] {
  const list = body.get(command)
  if (!Array.isArray(list))
    throw mongoError('TypeMismatch', `BSON field '${command}' is the wrong type, expected type 'array'`)
  return list.flatMap((item) => {
    const id = isDoc(item) ? item.get('id') : undefined
    return id instanceof Binary ? [keyOf(id).toString('latin1')] : []
  })
}

/** The client needs its sessions no more: their transactions are aborted, their cursors closed. */
export const endSessions: Command = (context) => {
  for (const session of sessionsOf(context, 'endSessions')) {
    context.control.transactions.abortOf(session)
    context.cursors.killOf(session)
  }
  return new Map()
}

/** As {@link endSessions}, with the commands that run in them; an empty list means all sessions. */
export const killSessions: Command = (context) => {
  const [command] = context.body.keys()
  const given = sessionsOf(context, command!)
  const { operations, transactions } = context.control
  const running = new Set(given)
  for (const { request, pause } of operations.list()) {
    const session = sessionOf(request.body)
    if (session === null || request === context.request) continue
    if (given.length === 0) running.add(session)
    if (running.has(session)) pause.kill()
  }
  for (const session of running) {
    transactions.abortOf(session)
    context.cursors.killOf(session)
  }
  return new Map()
}

function sessionOf(body: Doc): string | null {
  const lsid = body.get('lsid')
  const id = isDoc(lsid) ? lsid.get('id') : undefined
  return id instanceof Binary ? keyOf(id).toString('latin1') : null
}

export const killOp: Command = ({ body, control }) => {
  const id = optionNumber(body.get('op'))
  if (id === null) throw mongoError('FailedToParse', 'Expected field "op" of type number')
  control.operations.kill(id)
  return new Map([['info', 'attempting to kill op']])
}

/** The running commands as `$currentOp` gives them. */
export function currentOperations({ control, access }: Context): Doc[] {
  return [...control.operations.list()]
    .filter(({ request }) => access.mayList(request.db))
    .map(({ id, request, connectionId, startedMs }) => {
      const target = request.body.get(request.name)
      const ranMs = Date.now() - startedMs
      return new Map<string, Value>([
        ['type', 'op'],
        ['host', 'm3m'],
        ['connectionId', connectionId],
        ['active', true],
        ['opid', id],
        ['secs_running', BigInt(Math.floor(ranMs / 1000))],
        ['microsecs_running', BigInt(ranMs * 1000)],
        ['op', request.name === 'getMore' ? 'getmore' : 'command'],
        ['ns', `${request.db}.${typeof target === 'string' ? target : '$cmd'}`],
        ['command', shown(request.body)],
      ])
    })
}

/** A command without the documents it carries: they may be long, and secret. */
function shown(body: Doc): Doc {
  const hidden = new Set(['documents', 'updates', 'deletes', 'lsid', 'saslStart', 'payload'])
  return new Map([...body].filter(([name]) => !hidden.has(name)))
}

export const currentOp: Command = (context) => new Map([['inprog', currentOperations(context)]])

const LIFETIME = 'transactionLifetimeLimitSeconds'

export const setParameter: Command = ({ body, control }) => {
  const seconds = optionNumber(body.get(LIFETIME))
  if (seconds === null)
    throw mongoError('InvalidOptions', `the only parameter that can be set is ${LIFETIME}`)
  if (seconds < 1) throw mongoError('BadValue', `${LIFETIME} must be greater than or equal to 1`)
  const was = control.transactions.lifetimeMs / 1000
  control.transactions.lifetimeMs = seconds * 1000
  return new Map([['was', was]])
}

/**
 * The sessions of commands that run now, the one that asks among them, as `$listLocalSessions` gives them. Who may reach
 * one database alone sees no session but its own.
 */
export function currentSessions({ access, control, request }: Context): Doc[] {
  const now = new DateTime(Date.now())
  const sessions = new Map<string, Doc>()
  const operations = access.only === null ? Array.from(control.operations.list()) : []
  for (const { body } of [request, ...operations.map((operation) => operation.request)]) {
    const lsid = body.get('lsid')
    const key = sessionOf(body)
    if (!isDoc(lsid) || key === null) continue
    sessions.set(
      key,
      new Map<string, Value>([
        ['_id', new Map([['id', lsid.get('id')!]])],
        ['lastUse', now],
      ]),
    )
  }
  return [...sessions.values()]
}

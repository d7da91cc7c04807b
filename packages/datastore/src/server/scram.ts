import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { Binary, type Doc, type Value } from '../bson/value.ts'
import { mongoError } from './mongo-error.ts'
import type { Request } from './wire.ts'

/** MongoDB's own count for SCRAM-SHA-256. */
const ITERATIONS = 15_000

export interface Credentials {
  user: string
  password: string
}

/** What the server keeps of a password (RFC 5802, section 3). */
export interface ScramSecret {
  user: string
  salt: Buffer
  storedKey: Buffer
  serverKey: Buffer
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

/** Derives the secret; the password is expected in ASCII, so that SASLprep changes nothing. */
export function createSecret({ user, password }: Credentials): ScramSecret {
  const salt = randomBytes(28)
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256')
  return { user, salt, storedKey: sha256(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') }
}

/** The login of one connection by SCRAM-SHA-256 (RFC 7677). */
export interface Login {
  /** The client has proved that it knows the password. */
  readonly done: boolean
  /** The answer to `saslStart` and `saslContinue`. @throws AuthenticationFailed (18) */
  answer(request: Request): Doc
}

interface Exchange {
  nonce: string
  clientFirst: string
  serverFirst: string
}

export function createLogin(secret: ScramSecret): Login {
  let exchange: Exchange | null = null
  let done = false

  const start = (payload: string): string => {
    const [, clientFirst] = /^[ny](?:=[^,]*)?,[^,]*,(n=.*)$/.exec(payload) ?? []
    const [, user, clientNonce] = /^n=([^,]*),r=([^,]+)/.exec(clientFirst ?? '') ?? []
    if (!clientFirst || !clientNonce) throw failed()
    // an unknown user gets a challenge like any other, and fails at the proof
    const known = user!.replaceAll('=2C', ',').replaceAll('=3D', '=') === secret.user
    const nonce = clientNonce + randomBytes(24).toString('base64')
    const serverFirst = `r=${nonce},s=${secret.salt.toString('base64')},i=${ITERATIONS}`
    exchange = { nonce: known ? nonce : '', clientFirst, serverFirst }
    return serverFirst
  }

  const finish = (payload: string): string => {
    const [, bare, nonce, proof] = /^(c=[^,]*,r=([^,]*)),p=(.*)$/.exec(payload) ?? []
    const current = exchange
    exchange = null
    if (!current || !bare || !proof || nonce !== current.nonce) throw failed()
    const authMessage = `${current.clientFirst},${current.serverFirst},${bare}`
    const signature = hmac(secret.storedKey, authMessage)
    const given = Buffer.from(proof, 'base64')
    if (given.length !== signature.length) throw failed()
    const clientKey = Buffer.from(given.map((byte, i) => byte ^ signature[i]!))
    if (!timingSafeEqual(sha256(clientKey), secret.storedKey)) throw failed()
    return `v=${hmac(secret.serverKey, authMessage).toString('base64')}`
  }

  return {
    get done() {
      return done
    },
    answer({ name, body }) {
      if (name === 'saslStart') {
        if (body.get('mechanism') !== 'SCRAM-SHA-256')
          throw mongoError(
            'BadValue',
            `Unsupported mechanism '${String(body.get('mechanism'))}'; use SCRAM-SHA-256`,
          )
        return reply(start(textOf(body)), false)
      }
      done = true
      return reply(finish(textOf(body)), true)
    },
  }
}

function textOf(body: Doc): string {
  const payload = body.get('payload')
  if (payload instanceof Binary) return payload.bytes.toString()
  if (typeof payload === 'string') return Buffer.from(payload, 'base64').toString()
  throw failed()
}

function reply(payload: string, done: boolean): Doc {
  return new Map<string, Value>([
    ['conversationId', 1],
    ['done', done],
    ['payload', new Binary(0, Buffer.from(payload))],
  ])
}

function failed(): Error {
  return mongoError('AuthenticationFailed', 'Authentication failed.')
}

/** Open to a connection that has not logged in. */
const BEFORE_LOGIN = new Set([
  'hello',
  'ismaster',
  'isMaster',
  'ping',
  'buildInfo',
  'buildinfo',
  'endSessions',
])

/** @throws Unauthorized (13) */
export function demandLogin({ name }: Request, login: Login): void {
  if (login.done || BEFORE_LOGIN.has(name)) return
  throw mongoError('Unauthorized', `Command ${name} requires authentication`)
}

/** Tells a client that asks which mechanisms it may use. */
export function mechanismsFor(body: Doc): Doc {
  return body.has('saslSupportedMechs') ? new Map([['saslSupportedMechs', ['SCRAM-SHA-256']]]) : new Map()
}

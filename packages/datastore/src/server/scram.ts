import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { Binary, type Doc, type Value } from '../bson/value.ts'
import { mongoError } from './mongo-error.ts'
import type { Request } from './wire.ts'

/** The digests of SCRAM, each with MongoDB's own count of iterations. */
const MECHANISMS = {
  'SCRAM-SHA-256': { digest: 'sha256', iterations: 15_000 },
  // for drivers from before MongoDB 4.0, and those that ask for nothing else
  'SCRAM-SHA-1': { digest: 'sha1', iterations: 10_000 },
} as const

type Mechanism = keyof typeof MECHANISMS

const MECHANISM_NAMES = Object.keys(MECHANISMS) as Mechanism[]

export interface Credentials {
  user: string
  password: string
}

/** What the server keeps of a password for one mechanism (RFC 5802, section 3). */
interface ScramSecret {
  mechanism: Mechanism
  user: string
  salt: Buffer
  storedKey: Buffer
  serverKey: Buffer
}

/** What logins are checked against; each mechanism's part is derived when it is first asked for. */
export type ScramSecrets = (mechanism: Mechanism) => ScramSecret

const hmac = (digest: string, key: Buffer, text: string): Buffer =>
  createHmac(digest, key).update(text).digest()
const hash = (digest: string, bytes: Buffer): Buffer => createHash(digest).update(bytes).digest()

/** The password is expected in ASCII, so that SASLprep changes nothing. */
export function createSecrets(credentials: Credentials): ScramSecrets {
  const known = new Map<Mechanism, ScramSecret>()
  return (mechanism) => {
    const secret = known.get(mechanism) ?? deriveSecret(credentials, mechanism)
    known.set(mechanism, secret)
    return secret
  }
}

function deriveSecret({ user, password }: Credentials, mechanism: Mechanism): ScramSecret {
  const { digest, iterations } = MECHANISMS[mechanism]
  // MongoDB's SCRAM-SHA-1 takes the digest that its older login knew instead of the password
  const text =
    mechanism === 'SCRAM-SHA-1'
      ? hash('md5', Buffer.from(`${user}:mongo:${password}`)).toString('hex')
      : password
  const bytes = hash(digest, Buffer.alloc(0)).length
  const salt = randomBytes(bytes - 4)
  const salted = pbkdf2Sync(text, salt, iterations, bytes, digest)
  return {
    mechanism,
    user,
    salt,
    storedKey: hash(digest, hmac(digest, salted, 'Client Key')),
    serverKey: hmac(digest, salted, 'Server Key'),
  }
}

/** The login of one connection by SCRAM-SHA-256 (RFC 7677) or SCRAM-SHA-1 (RFC 5802). */
export interface Login {
  /** The client has proved that it knows the password. */
  readonly done: boolean
  /** The answer to `saslStart` and `saslContinue`. @throws AuthenticationFailed (18), MechanismUnavailable (334) */
  answer(request: Request): Doc
}

interface Exchange {
  secret: ScramSecret
  nonce: string
  clientFirst: string
  serverFirst: string
}

export function createLogin(secrets: ScramSecrets): Login {
  let exchange: Exchange | null = null
  let done = false

  const start = (secret: ScramSecret, payload: string): string => {
    const [, clientFirst] = /^[ny](?:=[^,]*)?,[^,]*,(n=.*)$/.exec(payload) ?? []
    const [, user, clientNonce] = /^n=([^,]*),r=([^,]+)/.exec(clientFirst ?? '') ?? []
    if (!clientFirst || !clientNonce) throw failed()
    // an unknown user gets a challenge like any other, and fails at the proof
    const known = user!.replaceAll('=2C', ',').replaceAll('=3D', '=') === secret.user
    const nonce = clientNonce + randomBytes(24).toString('base64')
    const serverFirst = `r=${nonce},s=${secret.salt.toString('base64')},i=${MECHANISMS[secret.mechanism].iterations}`
    exchange = { secret, nonce: known ? nonce : '', clientFirst, serverFirst }
    return serverFirst
  }

  const finish = (payload: string): string => {
    const [, bare, nonce, proof] = /^(c=[^,]*,r=([^,]*)),p=(.*)$/.exec(payload) ?? []
    const current = exchange
    exchange = null
    if (!current || !bare || !proof || nonce !== current.nonce) throw failed()
    const { mechanism, storedKey, serverKey } = current.secret
    const { digest } = MECHANISMS[mechanism]
    const authMessage = `${current.clientFirst},${current.serverFirst},${bare}`
    const signature = hmac(digest, storedKey, authMessage)
    const given = Buffer.from(proof, 'base64')
    if (given.length !== signature.length) throw failed()
    const clientKey = Buffer.from(given.map((byte, i) => byte ^ signature[i]!))
    if (!timingSafeEqual(hash(digest, clientKey), storedKey)) throw failed()
    return `v=${hmac(digest, serverKey, authMessage).toString('base64')}`
  }

  return {
    get done() {
      return done
    },
    answer({ name, body }) {
      if (name === 'saslStart') return reply(start(secrets(mechanismOf(body)), textOf(body)), false)
      const proved = finish(textOf(body))
      done = true
      return reply(proved, true)
    },
  }
}

function mechanismOf(body: Doc): Mechanism {
  const asked = body.get('mechanism')
  const known = MECHANISM_NAMES.find((name) => name === asked)
  if (known) return known
  throw mongoError(
    'MechanismUnavailable',
    `Received authentication for mechanism ${String(asked)} which is not enabled; use ${MECHANISM_NAMES.join(' or ')}`,
  )
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
  return body.has('saslSupportedMechs') ? new Map([['saslSupportedMechs', MECHANISM_NAMES]]) : new Map()
}

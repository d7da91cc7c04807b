import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { ObjectId, DateTime, double, type Doc, type Timestamp, type Value } from '../bson/value.ts'
import { optionNumber } from '../bson/number.ts'
import { MAX_DOCUMENT_BYTES } from '../bson/validate.ts'
import { collectionOf, type Command } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'
import { SESSION_MINUTES } from '../server/retries.ts'
import { MAX_MESSAGE_BYTES } from '../server/wire.ts'
import { collectionName, flag } from './options.ts'

/** The release whose behaviour we follow; 21 is its wire version (25 would promise `bulkWrite`). */
const VERSION = '7.0.14'
const MAX_WIRE_VERSION = 21

const ELECTION = new ObjectId(Buffer.from('7fffffff0000000000000001', 'hex'))

interface HelloFacts {
  /** Where the client came in. */
  address: string
  connectionId: number
  /** The last write: drivers that set `maxStalenessSeconds` compare members by it. */
  now: Timestamp
}

/**
 * We present ourselves as the primary of a replica set of one, which is what makes drivers use sessions and
 * retryable writes. No `topologyVersion`: it would make them open a second, streaming monitor.
 */
export function helloReply({ address, connectionId, now }: HelloFacts): Doc {
  const opTime = new Map<string, Value>([
    ['ts', now],
    ['t', 1n],
  ])
  const written = new DateTime(Number(now.value >> 32n) * 1000)
  return new Map<string, Value>([
    ['helloOk', true],
    ['isWritablePrimary', true],
    ['ismaster', true],
    ['secondary', false],
    ['setName', 'm3m'],
    ['setVersion', 1],
    ['hosts', [address]],
    ['primary', address],
    ['me', address],
    ['electionId', ELECTION],
    ['maxBsonObjectSize', MAX_DOCUMENT_BYTES],
    ['maxMessageSizeBytes', MAX_MESSAGE_BYTES],
    ['maxWriteBatchSize', 100_000],
    [
      'lastWrite',
      new Map<string, Value>([
        ['opTime', opTime],
        ['lastWriteDate', written],
        ['majorityOpTime', opTime],
        ['majorityWriteDate', written],
      ]),
    ],
    ['localTime', new DateTime(Date.now())],
    ['logicalSessionTimeoutMinutes', SESSION_MINUTES],
    ['connectionId', connectionId],
    ['minWireVersion', 0],
    ['maxWireVersion', MAX_WIRE_VERSION],
    ['readOnly', false],
  ])
}

const NOTHING: Command = () => new Map()

const buildInfo: Command = () =>
  new Map<string, Value>([
    ['version', VERSION],
    ['gitVersion', 'm3m'],
    ['modules', ['m3m embedded datastore']],
    ['versionArray', VERSION.split('.').map(Number).concat(0)],
    ['bits', 64],
    ['debug', false],
    ['maxBsonObjectSize', MAX_DOCUMENT_BYTES],
    ['storageEngines', ['sqlite']],
  ])

const connectionStatus: Command = () =>
  new Map([
    [
      'authInfo',
      new Map<string, Value>([
        ['authenticatedUsers', []],
        ['authenticatedUserRoles', []],
      ]),
    ],
  ])

const getParameter: Command = () => new Map([['featureCompatibilityVersion', new Map([['version', '7.0']])]])

const hostInfo: Command = () =>
  new Map<string, Value>([
    [
      'system',
      new Map<string, Value>([
        ['currentTime', new DateTime(Date.now())],
        ['hostname', 'm3m'],
        ['numCores', 1],
      ]),
    ],
    ['os', new Map([['type', process.platform]])],
  ])

const serverStatus: Command = ({ store }) =>
  new Map<string, Value>([
    ['host', 'm3m'],
    ['version', VERSION],
    ['process', 'm3m-datastore'],
    ['pid', BigInt(process.pid)],
    ['uptime', process.uptime()],
    ['uptimeMillis', BigInt(Math.round(process.uptime() * 1000))],
    ['localTime', new DateTime(Date.now())],
    ['mem', new Map([['resident', Math.round(process.memoryUsage.rss() / 1048576)]])],
    [
      'storageEngine',
      new Map<string, Value>([
        ['name', 'sqlite'],
        ['persistent', true],
      ]),
    ],
    ['collections', [...store.collections].length],
  ])

const collStats: Command = (context) => {
  const name = collectionName(context.body, 'collStats')
  const scale = optionNumber(context.body.get('scale')) ?? 1
  const collection = collectionOf(context, name)
  if (!collection)
    return new Map<string, Value>([
      ['ns', `${context.db}.${name}`],
      ['count', 0],
      ['size', 0],
      ['storageSize', 0],
      ['nindexes', 0],
    ])
  return context.store.statsOf(collection, scale)
}

const dbStats: Command = ({ body, db, store, access }) => {
  access.check(db)
  const scale = optionNumber(body.get('scale')) ?? 1
  const own = [...store.collections].filter((collection) => collection.db === db)
  const views = own.filter((collection) => collection.options.has('viewOn')).length
  const sum = (pick: (stats: Doc) => Value | undefined): number =>
    own.reduce((total, collection) => total + Number(pick(store.statsOf(collection, scale))), 0)
  const objects = sum((stats) => stats.get('count'))
  const stored = sum((stats) => stats.get('storageSize'))
  const indexed = sum((stats) => stats.get('totalIndexSize'))
  const disk = statfsSync(dirname(store.sqlite.location()!))
  return new Map<string, Value>([
    ['db', db],
    ['collections', own.length - views],
    ['views', views],
    ['objects', objects],
    ['avgObjSize', objects > 0 ? double(sum((stats) => stats.get('size')) / objects) : 0],
    ['dataSize', sum((stats) => stats.get('size'))],
    ['storageSize', stored],
    ['indexes', own.reduce((total, collection) => total + collection.indexCount, 0)],
    ['indexSize', indexed],
    ['totalSize', stored + indexed],
    ['scaleFactor', scale],
    ['fsUsedSize', double(((disk.blocks - disk.bfree) * disk.bsize) / scale)],
    ['fsTotalSize', double((disk.blocks * disk.bsize) / scale)],
  ])
}

const getLog: Command = () =>
  new Map<string, Value>([
    ['totalLinesWritten', 0],
    ['log', []],
  ])

const whatsmyuri: Command = () => new Map([['you', 'local']])

const replSetGetStatus: Command = () =>
  new Map<string, Value>([
    ['set', 'm3m'],
    ['myState', 1],
    [
      'members',
      [
        new Map<string, Value>([
          ['_id', 0],
          ['name', 'm3m'],
          ['health', 1],
          ['state', 1],
          ['stateStr', 'PRIMARY'],
          ['self', true],
        ]),
      ],
    ],
  ])

const replSetGetConfig: Command = () =>
  new Map<string, Value>([
    [
      'config',
      new Map<string, Value>([
        ['_id', 'm3m'],
        ['version', 1],
        [
          'members',
          [
            new Map<string, Value>([
              ['_id', 0],
              ['host', 'm3m'],
            ]),
          ],
        ],
      ]),
    ],
  ])

const getCmdLineOpts: Command = () =>
  new Map<string, Value>([
    ['argv', ['m3m-datastore']],
    ['parsed', new Map()],
  ])

/** Users live in the agent, and here there is at most one (of TCP). */
const usersInfo: Command = () => new Map([['users', []]])
const rolesInfo: Command = () => new Map([['roles', []]])

/** All that is acknowledged is in the log already; this moves it into the file. */
const fsync: Command = ({ store, body }) => {
  if (flag(body, 'lock')) throw mongoError('NotImplemented', 'fsync with lock is not supported')
  store.sqlite.exec('PRAGMA wal_checkpoint(PASSIVE)')
  return new Map([['numFiles', 1]])
}

const refuseProfiling: Command = ({ body }) => {
  if (optionNumber(body.get('profile')) === -1)
    return new Map<string, Value>([
      ['was', 0],
      ['slowms', 100],
    ])
  throw mongoError('NotImplemented', 'The profiler is not supported by the embedded datastore')
}

export const diagnosticCommands: [string, Command][] = [
  ['ping', NOTHING],
  ['buildInfo', buildInfo],
  ['buildinfo', buildInfo],
  ['connectionStatus', connectionStatus],
  ['getParameter', getParameter],
  ['hostInfo', hostInfo],
  ['serverStatus', serverStatus],
  ['collStats', collStats],
  ['dbStats', dbStats],
  ['getLog', getLog],
  ['whatsmyuri', whatsmyuri],
  ['replSetGetStatus', replSetGetStatus],
  ['replSetGetConfig', replSetGetConfig],
  ['getCmdLineOpts', getCmdLineOpts],
  ['usersInfo', usersInfo],
  ['rolesInfo', rolesInfo],
  ['fsync', fsync],
  ['profile', refuseProfiling],
  ['refreshSessions', NOTHING],
  ['startSession', NOTHING],
]

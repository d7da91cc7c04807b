import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DisposableStack, ManualClock, silentLogger } from '@m3m/base'
import type { Logger } from '@m3m/base'
import { createDataEngine, createProjectStorage, createSecretBox } from '@m3m/data'
import type { DataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import type { TestDatabase } from '@m3m/datastore/testing'
import { createCore } from '../create-core.ts'
import type { CoreDeps } from '../core-deps.ts'
import type { Core } from '../create-core.ts'
import type { AgentDefaults } from '../features/agent/agent-settings.service.ts'
import type { Problem } from '../features/pipeline/compiler.port.ts'
import type { SourceFile } from '../features/runs/supervisor.port.ts'
import { t } from '../trpc.ts'
import { MemoryBackups } from './memory-backups.ts'
import { FakeSupervisor } from './fake-supervisor.ts'
import { MemoryLogs } from './memory-logs.ts'
import { MemoryMail } from './memory-mail.ts'
import { MemoryPlugins } from './memory-plugins.ts'
import { MemoryPost } from './memory-post.ts'
import type { RunControl } from '../features/actions/run-control.port.ts'
import type { TestMeter } from './test-meter.ts'

export const ROOT = { email: 'root@example.com', password: 'correct horse' }

export type Caller = ReturnType<ReturnType<typeof t.createCallerFactory<Core['router']['_def']['record']>>>

/** A whole core on the embedded datastore; only what reaches processes and files is a fake at its port. */
export interface TestCore extends AsyncDisposable {
  core: Core
  data: DataEngine
  store: TestDatabase
  clock: ManualClock
  supervisor: FakeSupervisor
  logs: MemoryLogs
  mail: MemoryMail
  plugins: MemoryPlugins
  post: MemoryPost
  backups: MemoryBackups
  /** How much of the disk is free, in percent. */
  disk: { free: number | null }
  removedFiles: string[]
  /** Storages are below it, by the id of the project. */
  storagePath: string
  /** Calls as whoever has this access token. */
  caller(token: string | null, options?: { address?: string }): Caller
  /** Signs in and calls as that operator. */
  as(email: string, password?: string): Promise<Caller>
  root(): Promise<Caller>
  /** Makes an operator and signs in. */
  operator(
    name: string,
    rights?: Parameters<Caller['users']['create']>[0]['rights'],
  ): Promise<{ id: string; caller: Caller }>
  /** Ends this core and opens another one on the same databases, as a restart of the agent does. */
  restarted(options?: { killed?: boolean }): Promise<TestCore>
}

interface TestOptions {
  logger?: Logger
  meter?: TestMeter
  runControl?: RunControl
}

export async function openTestCore(name: string, options: TestOptions = {}): Promise<TestCore> {
  const store = await openTestDatabase(name)
  return open(store, new ManualClock(), { ...options, ownsStore: true })
}

async function open(
  store: TestDatabase,
  clock: ManualClock,
  options: TestOptions & { ownsStore: boolean },
): Promise<TestCore> {
  const ends = new DisposableStack()
  if (options.ownsStore) ends.use(store)
  const logger = options.logger ?? silentLogger
  const data = ends.use(createDataEngine({ db: store.data, clock, logger }))
  await data.ensureIndexes()
  const ports = await fakePorts(ends)
  const { meter, runControl } = options
  const quotaOf = (projectId: string) => core.services.projects.storageQuotaOf(projectId)
  const deps = depsFor({ store, clock, logger, data, ...ports, quotaOf })
  const core: Core = ends.use(
    createCore({
      ...deps,
      ...(runControl && { runControl }),
      ...(meter && { meter, agentMeter: meter.agent }),
    }),
  )
  await core.start()
  const makeCaller = t.createCallerFactory(core.router)

  const caller: TestCore['caller'] = (token, { address = '192.0.2.1' } = {}) =>
    makeCaller(core.createContext({ token, address, userAgent: 'test' }))
  const as: TestCore['as'] = async (email, password = ROOT.password) =>
    caller((await caller(null).auth.login({ email, password })).accessToken)

  const test: TestCore = {
    core,
    data,
    store,
    clock,
    ...ports,
    caller,
    as,
    async root() {
      if (!(await core.services.users.hasRoot())) await core.services.users.createRoot(ROOT)
      return as(ROOT.email)
    },
    async operator(name, rights) {
      const root = await test.root()
      const email = `${name}@example.com`
      const { id } = await root.users.create({
        email,
        name,
        password: ROOT.password,
        ...(rights && { rights }),
      })
      return { id, caller: await as(email) }
    },
    async restarted({ killed = false } = {}) {
      if (!killed) await core[Symbol.asyncDispose]()
      return open(store, clock, { ...options, ownsStore: false })
    },
    [Symbol.asyncDispose]: () => ends[Symbol.asyncDispose](),
  }
  return test
}

/** What stands in for processes, the network and the disk. */
async function fakePorts(ends: DisposableStack) {
  const storagePath = await mkdtemp(join(tmpdir(), 'm3m-core-'))
  ends.defer(() => rm(storagePath, { recursive: true, force: true }))
  const disk: TestCore['disk'] = { free: 50 }
  const removedFiles: string[] = []
  return {
    supervisor: new FakeSupervisor(),
    logs: new MemoryLogs(),
    mail: new MemoryMail(),
    plugins: new MemoryPlugins(),
    post: new MemoryPost(),
    backups: new MemoryBackups(),
    disk,
    removedFiles,
    storagePath,
  }
}

type Parts = Pick<
  TestCore,
  | 'store'
  | 'clock'
  | 'data'
  | 'supervisor'
  | 'logs'
  | 'mail'
  | 'plugins'
  | 'post'
  | 'backups'
  | 'disk'
  | 'removedFiles'
  | 'storagePath'
> & {
  logger: Logger
  quotaOf(projectId: string): Promise<number | null>
}

function depsFor(parts: Parts): CoreDeps {
  const {
    store,
    clock,
    logger,
    data,
    supervisor,
    logs,
    mail,
    plugins,
    post,
    backups,
    disk,
    removedFiles,
    storagePath,
    quotaOf,
  } = parts
  return {
    db: store.control,
    data,
    clock,
    logger,
    supervisor,
    runLogs: logs,
    identity: { version: '0.0.0', node: 'v26', services: () => ({ uri: null, port: null }) },
    passwords: {
      hash: async (password) => `hash of ${password}`,
      verify: async (hash, password) => hash === `hash of ${password}`,
    },
    tokens: plainTokens(clock),
    plugins,
    compiler: { check: async (files) => files.flatMap(problemsOf) },
    serviceReference: { pages: async () => [] },
    starterShelf: { all: async () => [] },
    serviceTypes: { types: async (projectId) => `// types of ${projectId}` },
    storedFiles: {
      of: (projectId) =>
        createProjectStorage({
          folder: join(storagePath, projectId),
          clock,
          quotaBytes: () => quotaOf(projectId),
        }),
      uploadBytes: 100_000,
    },
    secrets: createSecretBox([TEST_KEY]),
    mailTransport: mail,
    alertPost: post,
    backupStore: backups,
    disk: { freePercent: async () => disk.free },
    releaseFeed: { latest: async () => ({ version: '9.0.0', url: null }) },
    fileTickets: { sign: (path, { userId }) => `${path}?ticket=${userId}` },
    files: { removeProject: async (projectId) => void removedFiles.push(projectId) },
    config: {
      isolation: 'process',
      plugins: { bot: { word: 'from config.yaml' } },
      agent: TEST_AGENT_DEFAULTS,
      limits: {
        memoryMb: 128,
        cpuStretchMs: 5_000,
        requestWallMs: 30_000,
        requestBodyBytes: 10_000_000,
        responseBodyBytes: 10_000_000,
        maxRoutes: 1_000,
        maxJobs: 1_000,
        requestsKept: 50,
        delayedQueue: 10_000,
        bootMs: 30_000,
        logLineBytes: 16_384,
        logFileBytes: 50_000_000,
        storageQuotaBytes: 1_000_000,
      },
    },
  }
}

/** Readable, so that a test can make one that is out of date. */
function plainTokens(clock: ManualClock): CoreDeps['tokens'] {
  return {
    sign: (claims, expiresAt) => JSON.stringify({ ...claims, until: expiresAt.getTime() }),
    verify(token) {
      const { userId, sessionId, until } = JSON.parse(token) as {
        userId: string
        sessionId: string
        until: number
      }
      return until > clock.now() ? { userId, sessionId } : null
    },
  }
}

const TEST_KEY = new Uint8Array(32).fill(7)

/** What config.yaml says when it says nothing. */
const TEST_AGENT_DEFAULTS: AgentDefaults = {
  values: {
    address: { publicUri: null },
    mail: { host: null, port: 587, security: 'starttls', user: '', from: '' },
    proxies: { trusted: [] },
    sessions: { signInMinutes: 7 * 24 * 60, accessMinutes: 15 },
    updates: { check: false, feed: null },
    outbound: { allow: [] },
    backups: { daily: null, keep: 3, withKey: false },
  },
  places: {},
  mailPassword: null,
}

/** A line with `%%` does not compile. */
function problemsOf({ path, code }: SourceFile): Problem[] {
  return code.split('\n').flatMap((line, index) => {
    const column = line.indexOf('%%') + 1
    if (column === 0) return []
    return [{ file: path, line: index + 1, column, severity: 'error' as const, message: 'unexpected %%' }]
  })
}

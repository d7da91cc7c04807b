// Supervisor, front and a real HTTP server on loopback: the runtime as an agent holds it, for tests and benchmarks.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newId, silentLogger, type Logger } from '@m3m/base'
import { createFront } from '../front/create-front.ts'
import type { FrontOrigin } from '../front/front.options.ts'
import { createRequestRecorder, type RequestRecorder } from '../front/request-recorder.ts'
import { buildPrelude } from '../isolate/build-prelude.ts'
import { strippedOf, testLimits } from '../module/testing.ts'
import { createSupervisor } from '../supervisor/create-supervisor.ts'
import type { RuntimeSupervisor, SupervisorOptions } from '../supervisor/supervisor.options.ts'
import type { RunLimits, RunSpec, SupervisedRun } from '../supervisor/supervisor.port.ts'
import type { Stripper } from '../tools/tools.contract.ts'

export interface TestRunOptions extends Partial<
  Pick<RunSpec, 'isolation' | 'files' | 'plugins' | 'nativePlugins'>
> {
  limits?: Partial<RunLimits>
}

export interface TestAgent extends AsyncDisposable {
  readonly supervisor: RuntimeSupervisor
  readonly recorder: RequestRecorder
  readonly folder: string
  readonly port: number
  /** `http://127.0.0.1:{port}/r/{slug}` */
  base(slug: string): string
  spec(slug: string, code: string, options?: TestRunOptions): RunSpec
  /** Boots and activates. */
  run(slug: string, code: string, options?: TestRunOptions): Promise<SupervisedRun>
}

export interface TestAgentOptions {
  origin?: FrontOrigin
  runnerEntry?: string
  logger?: Logger
  panelCookies?: readonly string[]
  plugins?: SupervisorOptions['plugins']
  settings?: SupervisorOptions['settings']
  /** Keep a loaded runner in reserve, as an agent does. Default false: tests count processes. */
  spare?: boolean
  silentMs?: SupervisorOptions['silentMs']
}

/** Knows scripts from modules by their first words: tests need no helper process for that. */
const plainStripper: Stripper = {
  strip: async (files) => ({
    files: files.map(({ path, code }) =>
      strippedOf(path, code, /^\s*(import|export)\b/m.test(code) ? 'module' : 'script'),
    ),
  }),
}

export const RUNNER_ENTRY: string = fileURLToPath(new URL('runner-entry.ts', import.meta.url))

let built: Promise<void> | undefined

export async function openTestAgent(options: TestAgentOptions = {}): Promise<TestAgent> {
  await (built ??= buildPrelude())
  const folder = await mkdtemp(join(tmpdir(), 'm3m-runtime-'))
  const logger = options.logger ?? silentLogger
  const supervisor = await createSupervisor({
    runnerEntry: options.runnerEntry ?? RUNNER_ENTRY,
    secrets: {},
    processFolder: join(folder, 'processes'),
    logsPath: join(folder, 'logs'),
    storagePath: join(folder, 'storage'),
    tools: plainStripper,
    ...(options.plugins && { plugins: options.plugins }),
    ...(options.settings && { settings: options.settings }),
    spare: options.spare ?? false,
    ...(options.silentMs !== undefined && { silentMs: options.silentMs }),
    logger,
  })
  const projectIds = new Map<string, string>()
  const known = new Map<string, 'stopped' | 'starting' | 'crashed'>()
  const recorder = createRequestRecorder()
  const front = createFront({
    supervisor,
    recorder,
    whyIdle: async (project) => ('slug' in project ? (known.get(project.slug) ?? null) : null),
    panelCookies: options.panelCookies ?? [],
    logger,
  })
  const origin = options.origin ?? 'services'
  const server = createServer((request, response) => front.request(request, response, origin))
  server.on('upgrade', (request, socket, head) => front.upgrade(request, socket, head, origin))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const agent: TestAgent = {
    supervisor,
    recorder,
    folder,
    port,
    base: (slug) => `http://127.0.0.1:${port}/r/${slug}`,
    spec(
      slug,
      code,
      { limits = {}, isolation = 'process', files = [], plugins = [], nativePlugins = false } = {},
    ) {
      known.set(slug, 'stopped')
      const projectId = projectIds.get(slug) ?? newId()
      projectIds.set(slug, projectId)
      return {
        runId: newId(),
        projectId,
        slug,
        projectName: slug,
        source: { release: '1.0' },
        branch: 'develop',
        tag: 'stable',
        files: [{ path: 'main.js', code }, ...files],
        entry: 'main.js',
        limits: { ...testLimits, ...limits },
        isolation,
        nativePlugins,
        plugins,
        fence: 1,
        outbound: { allow: [], hosts: [] },
      }
    },
    async run(slug, code, options) {
      const run = await supervisor.boot(agent.spec(slug, code, options))
      await run.activate()
      return run
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await supervisor[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return agent
}

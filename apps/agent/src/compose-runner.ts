// The entry of a runner process: joins the runtime's runner with the records engine. It holds user code, so
// it gets nothing but the address of project data and the keys of its secrets, by the pipe of the supervisor.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { COMPILE_CACHE } from './compile-cache.ts'

// A terminal's signals go to every process of its group. The agent decides when a runner ends, after its services drained.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

enableCompileCache(COMPILE_CACHE)
const { runRunner } = await import('@m3m/runtime/runner')
// Now, because a runner leaves by SIGKILL; nothing is written when nothing is new.
flushCompileCache()

/** As compose-agent.ts gives them. */
interface RunnerSecrets {
  uri: string
  database: string
  secretKeys: readonly string[]
  storagePath: string
}

await runRunner({
  async openData(given, logger) {
    const secrets = given as unknown as RunnerSecrets
    const [{ systemClock }, { connectRuntime }, { createDataEngine, createFileStore, createSecretBox }] =
      await Promise.all([import('@m3m/base'), import('@m3m/datastore'), import('@m3m/data')])
    const connection = await connectRuntime(secrets)
    const engine = createDataEngine({
      db: connection.db,
      clock: systemClock,
      logger,
      secrets: createSecretBox(secrets.secretKeys.map((key) => Buffer.from(key, 'base64url'))),
      files: createFileStore(secrets.storagePath, systemClock),
    })
    return {
      project: (projectId, source) =>
        engine.project(projectId, { kind: 'service', source }, { dates: 'date' }),
      goals: engine.goals,
      queue: { push: engine.queue.push, work: engine.work },
      recordEvents: engine.events,
      invalidate: (projectId, what) => engine.invalidate(projectId, what),
      async [Symbol.asyncDispose]() {
        await engine[Symbol.asyncDispose]()
        await connection[Symbol.asyncDispose]()
      },
    }
  },
})

// The entry of a runner process: joins the runtime's runner with the records engine. It holds user code, so
// it gets nothing but the address of project data, by the pipe of the supervisor.
import { enableCompileCache } from 'node:module'
import { COMPILE_CACHE } from './compile-cache.ts'

enableCompileCache(COMPILE_CACHE)
const { runRunner } = await import('@m3m/runtime/runner')

await runRunner({
  async openData(secrets, logger) {
    const [{ systemClock }, { connectRuntime }, { createDataEngine }] = await Promise.all([
      import('@m3m/base'),
      import('@m3m/datastore'),
      import('@m3m/data'),
    ])
    const connection = await connectRuntime(secrets as { uri: string; database: string })
    const engine = createDataEngine({ db: connection.db, clock: systemClock, logger })
    return {
      project: (projectId, source) =>
        engine.project(projectId, { kind: 'service', source }, { dates: 'date' }),
      invalidate: (projectId, what) => engine.invalidate(projectId, what),
      async [Symbol.asyncDispose]() {
        await engine[Symbol.asyncDispose]()
        await connection[Symbol.asyncDispose]()
      },
    }
  },
})

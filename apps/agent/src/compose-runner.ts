// The entry of a runner process: joins the runtime's runner with the records engine. It holds user code, so
// it gets nothing but the address of project data, by the pipe of the supervisor.
import { systemClock } from '@m3m/base'
import { runRunner } from '@m3m/runtime/runner'
import { z } from 'zod'

const secretsSchema = z.object({ uri: z.string(), database: z.string() })

await runRunner({
  async openData(secrets, logger) {
    const [{ connectRuntime }, { createDataEngine }] = await Promise.all([
      import('@m3m/datastore'),
      import('@m3m/data'),
    ])
    const connection = await connectRuntime(secretsSchema.parse(secrets))
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

import type { ToolPool } from '../tools/index.ts'
import { toolErrors } from '../tools/index.ts'

/** Jobs one run may have under way or waiting: helpers are shared by all services of a runner, in the order of asking. */
const MAX_JOBS = 16

/** The runner's helpers as one run may use them: one that floods them is refused before it keeps its neighbours waiting. */
export function createRunTools(pool: ToolPool): ToolPool {
  let jobs = 0
  return {
    ...pool,
    async run(job, input, options) {
      if (jobs >= MAX_JOBS) throw toolErrors.TOOL_BUSY({ job, waiting: jobs })
      jobs++
      try {
        return await pool.run(job, input, options)
      } finally {
        jobs--
      }
    },
  }
}

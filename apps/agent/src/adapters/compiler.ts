import type { Compiler } from '@m3m/core'
import type { ToolPool } from '@m3m/runtime'

/** Core's compile check in the tool pool: the agent itself never parses user code. */
export function createCompiler(tools: ToolPool): Compiler {
  return {
    async check(files) {
      const result = await tools.strip(files)
      return 'problems' in result ? result.problems : []
    },
  }
}

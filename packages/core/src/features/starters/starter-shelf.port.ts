import type { SourceFile } from '../runs/supervisor.port.ts'
import type { StarterManifest } from './starters.schema.ts'

export interface Starter extends StarterManifest {
  /** The name of its folder. */
  slug: string
  files: SourceFile[]
}

/** The starters that this agent is handed out with. Implemented in apps/agent, which reads `examples/`. */
export interface StarterShelf {
  /** By `order`, then slug; whole each time. Empty when the agent was handed out without any. */
  all(): Promise<Starter[]>
}

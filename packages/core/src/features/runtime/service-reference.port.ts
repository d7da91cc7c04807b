import type { ReferencePage } from './runtime.schema.ts'

/** What service authors read. Implemented by @m3m/runtime, joined in apps/agent. */
export interface ServiceReference {
  /** Every module by name, then what is global besides. */
  pages(): Promise<ReferencePage[]>
}

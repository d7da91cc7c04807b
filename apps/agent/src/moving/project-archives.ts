import type { Writable } from 'node:stream'
import type { Core, ImportedProject } from '@m3m/core'
import type { AgentConfig } from '../config/read-config.ts'
import { exportArchive } from './export-archive.ts'
import { importArchive } from './import-archive.ts'
import type { WaitingArchives } from './waiting-archives.ts'

/** Projects as archives, for the routes. */
export interface ProjectArchives {
  /** Where archives that come in lie until they are read, on the disk of the storage. */
  folder: string
  export(to: Writable, order: Parameters<typeof exportArchive>[2]): Promise<void>
  /** Those that come in parts. */
  waiting: WaitingArchives
  import(order: Parameters<typeof importArchive>[1]): Promise<ImportedProject>
}

export function createProjectArchives(
  core: Core,
  config: AgentConfig,
  waiting: WaitingArchives,
): ProjectArchives {
  return {
    folder: config.storage.path,
    waiting,
    export: (to, order) => exportArchive({ core, config }, to, order),
    import: (order) => importArchive({ core, config }, order),
  }
}

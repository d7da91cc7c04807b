import type { ProjectStorage } from '@m3m/data'

/** The storages of projects, by the rules of @m3m/data. Implemented in apps/agent. */
export interface StoredFiles {
  /** Cheap; nothing is touched before it is asked to. The project need not exist: whoever calls has checked. */
  of(projectId: string): ProjectFolder
  /** Most bytes of one upload. */
  readonly uploadBytes: number
}

/** What core asks of {@link ProjectStorage}; its errors pass through. */
export type ProjectFolder = Pick<
  ProjectStorage,
  | 'stat'
  | 'mimeType'
  | 'list'
  | 'find'
  | 'measure'
  | 'read'
  | 'write'
  | 'uploads'
  | 'mkdir'
  | 'remove'
  | 'copy'
  | 'move'
  | 'usedBytes'
>

/** What file fields need of the project's storage. */
export interface FileStore {
  /** `null` when there is no such file. `mimeType` is found from the content, not the name. */
  stat(projectId: string, path: string): Promise<{ sizeBytes: number; mimeType: string } | null>
  /** Removing what is not there is fine. */
  remove(projectId: string, path: string): Promise<void>
}

/** The files of projects under `storage.path`. Implemented in apps/agent. */
export interface ProjectFiles {
  /** Removes everything of the project; nothing to remove is fine. */
  removeProject(projectId: string): Promise<void>
}

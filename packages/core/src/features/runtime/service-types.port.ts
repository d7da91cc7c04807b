/** Writes the declarations the editor completes by. Implemented by @m3m/runtime, joined in apps/agent. */
export interface ServiceTypes {
  /** One `.d.ts` of the modules in both spellings and of what the project has. */
  types(projectId: string): Promise<string>
}

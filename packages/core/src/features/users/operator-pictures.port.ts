/** Pictures of operators, as files of the agent. Implemented in apps/agent. */
export interface OperatorPictures {
  /** Nothing to remove is fine. */
  remove(userId: string): Promise<void>
}

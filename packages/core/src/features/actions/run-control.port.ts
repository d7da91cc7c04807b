/** Asks the modules of a run. Implemented by the supervisor of @m3m/runtime. */
export interface RunControl {
  /**
   * What the module's control answers; `null` for an unknown run or control. It is the word of a process that holds user
   * code: check its shape.
   *
   * @throws when the run ends before it has answered, or takes longer than 10 seconds
   */
  control(runId: string, name: string, args: readonly unknown[]): Promise<unknown>
}

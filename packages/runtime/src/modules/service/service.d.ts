/** The life of the service: callbacks of its phases, and facts of the run. */
interface ServiceModule {
  /**
   * Runs while the service boots, before it gets requests: register routes, jobs and handlers here. Many callbacks run in order;
   * a throw ends the run as crashed. 30 s for all.
   * @throws SERVICE_PHASE_PASSED after boot.
   */
  boot(callback: () => void | Promise<void>): void
  /** Runs once the service is active, after the run before it gave way. A throw ends the run as crashed. 30 s for all. */
  start(callback: () => void | Promise<void>): void
  /** Runs once when the service is stopped, after its last answers (never after a kill). 30 s for all. */
  shutdown(callback: () => void | Promise<void>): void
  /** The same as `shutdown`. */
  shotdown(callback: () => void | Promise<void>): void
  /** What runs here. */
  readonly info: {
    readonly project: { readonly id: string; readonly name: string; readonly slug: string }
    /** `release:1.2` or `debug:develop`. */
    readonly source: string
    /** Tag of the release, `null` for a debug run. */
    readonly tag: 'stable' | 'hot-fix' | 'night-build' | 'develop' | null
    readonly runId: string
    readonly startedAt: Date
  }
}

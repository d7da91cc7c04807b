/** Sends what an alert says to an address on the web. Implemented in apps/agent. */
export interface AlertPost {
  /** POSTs JSON; redirects are not followed, 10 s at most. @throws when it was not taken (2xx) */
  json(url: string, body: string, headers?: Readonly<Record<string, string>>): Promise<void>
}

/** How full the disk with the data is. Implemented in apps/agent. */
export interface DiskMeter {
  /** 0 to 100; null when it cannot be read. */
  freePercent(): Promise<number | null>
}

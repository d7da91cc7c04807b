/** One announced version. */
export interface AnnouncedVersion {
  /** `1.2.0` */
  version: string
  /** A page about it. */
  url: string | null
}

/** Asks where versions are announced; the agent implements it. */
export interface ReleaseFeed {
  /** @throws an Error that says what is wrong with the answer */
  latest(feed: string): Promise<AnnouncedVersion>
}

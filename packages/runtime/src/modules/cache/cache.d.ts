// oxlint-disable typescript/no-explicit-any -- only the author knows what is cached; `unknown` would mark every use of it red in JavaScript
interface CacheOptions {
  /** Seconds until the entry ends; without it, it stays until it is pushed out. */
  ttl?: number
  /** Keeps it over a restart of the service, as JSON; 4 MB together. */
  persist?: boolean
}

/**
 * A cache of this service, synchronous in both spellings: at most 10,000 entries and about 16 MB, which count as the
 * service's own memory; what was used longest ago goes first. Values go in and come out as copies.
 */
interface CacheModule {
  /** The value, or `fallback` (default `null`). */
  get(key: string, fallback?: any): any
  /** Whether there is a value. */
  has(key: string): boolean
  /** @returns true @throws CACHE_VALUE_INVALID, CACHE_VALUE_TOO_LARGE, CACHE_OPTION_INVALID */
  set(key: string, value: any, options?: CacheOptions): true
  /** @returns whether there was one. */
  delete(key: string): boolean
  /**
   * Adds to a number, from 0 when there is none; an entry keeps its end unless options are given.
   * @returns the sum
   * @throws CACHE_NOT_A_NUMBER
   */
  increment(key: string, by?: number, options?: CacheOptions): number
  /**
   * The value, or what `fn` gives, kept for `ttl` seconds. However many ask at once, it is made once; what throws is not kept.
   * @param ttl Seconds, or options.
   */
  remember<T>(key: string, ttl: number | CacheOptions, fn: () => T | Promise<T>): Promise<T>
  /** Every key. */
  keys(): string[]
  /** Removes everything. */
  clear(): void
}

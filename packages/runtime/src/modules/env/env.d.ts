/** The project's variables. Every look is local and instant; a change in the panel arrives within a second. */
interface EnvModule {
  /** The value as its type declares it (Integer → number, Json → object…); `fallback` (default `null`) when there is none. */
  get<K extends keyof ProjectVariables>(key: K): ProjectVariables[K]
  get<T = any>(key: string, fallback?: T): T
  /** Whether the variable exists, also with an empty value. */
  has(key: string): boolean
  /** Names of all variables. */
  keys(): string[]
  /** All variables as an object; a copy. */
  getAll(): Record<string, any>
  /** The value as text; objects as JSON. `fallback` (default `''`) when there is none. */
  getString(key: string, fallback?: string): string
  /** The value as an integer, cut off at the point; `fallback` (default 0) when it is no number. */
  getInt(key: string, fallback?: number): number
  /** The value as a number; `fallback` (default 0) when it is none. */
  getFloat(key: string, fallback?: number): number
  /** true, 1, yes, on and false, 0, no, off in any case; `fallback` (default `false`) for anything else. */
  getBool(key: string, fallback?: boolean): boolean
}

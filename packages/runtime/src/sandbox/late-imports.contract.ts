// What passes between `import()` inside an isolate (sandbox/late-imports.ts) and who links modules outside (bridge/late-imports.ts).

/** Tells the host: `[path, names]`, a file nobody has asked for so far. `names`: exports of a classic file, else null. */
export const LOAD = 'import.load'
/** Tells the host: `[path]`, the file has been evaluated. */
export const EVALUATED = 'import.evaluated'
/** The host enters: `[path, failure]`; failure null: who waits for the file gets it. */
export const SETTLED = 'import.settled'

/** Where the prelude puts {@link LateImports} until the host has bound it; gone before the first line of the author. */
export const LATE_GLOBAL = '__m3m_imports'

/** Why a file cannot be had. `code`: an error of m3m. `value`: something thrown that is no Error, and is shown as it is. */
export type ImportFailure =
  | { name: string; message: string; code?: string; stack?: string }
  | { value: string | number | boolean | null }

/** What the modules made by the host call inside. */
export interface LateImports {
  /** `import(specifier)` of the file `from`. */
  late(from: string, specifier: unknown): Promise<object>
  /** An entry that evaluates modules begins: it belongs to no request. */
  begin(): void
  /** A module has been evaluated. Called for the first time it counts. */
  arrived(path: string, namespace: object): void
}

/** Names of exports a classic file may have; what is no identifier is reached by the default export. */
export const EXPORT_NAME = /^[A-Za-z_$][\w$]*$/
export const MAX_EXPORT_NAMES = 10_000

/** Entered by the host when a variable was changed: `[values]`. */
export const ENV_CHANGED = 'env.changed'
/** A variable's value as its type declares it; `null` for one that has none. */
export type Values = Record<string, unknown>

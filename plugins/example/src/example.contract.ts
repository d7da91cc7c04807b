/** Longest name that `hello` takes, in characters. */
export const MAX_NAME_CHARS = 100

/** Longest sleep in the `$` spelling, where the whole service stands still: the deadline of the call ends it anyway. */
export const MAX_SLEEP_MS = 2_147_483_647

/** The host's answer to `$utils.sleep`. */
export const SLEEP_CALL = 'utils.sleep'

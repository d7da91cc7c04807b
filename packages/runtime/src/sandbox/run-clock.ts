/** Unix time in milliseconds at which the prelude ran: before any code of the author. */
export const BEGAN_AT_MS = Date.now()

/** How long the handlers of one change may take. */
export const HANDLER_MS = 30_000
/** Models one service may watch. */
export const MAX_MODELS = 200
/** Handlers of one event inside the service; more are a leak. */
export const MAX_LISTENERS = 1_000

export const CHANGE_TYPES = ['insert', 'update', 'delete'] as const

/** The texts of this room's errors that are thrown inside the isolate. */
export const eventsTexts = {
  EVENTS_HANDLER_INVALID: (p: { call: string }) => `"${p.call}" needs a name and a function.`,
  EVENTS_TYPE_UNKNOWN: (p: { type: string }) =>
    `"${p.type}" is no change of a record; use 'insert', 'update' or 'delete'.`,
  EVENTS_TOO_MANY: (p: { name: string }) =>
    `More than ${MAX_LISTENERS} handlers listen to "${p.name}"; take some off again.`,
}

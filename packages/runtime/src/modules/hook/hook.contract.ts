/** The texts of this room's errors that are thrown inside the isolate. */
export const hookTexts = {
  HOOK_HANDLER_INVALID: (p: { call: string }) => `"${p.call}" needs the slug of a model and a function.`,
}

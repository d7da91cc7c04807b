/** The texts of this room's errors that are thrown inside the isolate. */
export const hookTexts = {
  HOOK_ACTION_INVALID: () =>
    '"hook.onAction" needs a slug (up to 64 letters, digits, "-", "_" or ".") and a function.',
  HOOK_HANDLER_INVALID: (p: { call: string }) => `"${p.call}" needs the slug of a model and a function.`,
}

import { defineErrors } from '@m3m/base'
import { hookTexts } from './hook.contract.ts'

/** Thrown inside the isolate; listed here for the reference. */
export const hookErrors = defineErrors({
  HOOK_ACTION_INVALID: { blame: 'user', status: 400, text: hookTexts.HOOK_ACTION_INVALID },
  HOOK_HANDLER_INVALID: { blame: 'user', status: 400, text: hookTexts.HOOK_HANDLER_INVALID },
})

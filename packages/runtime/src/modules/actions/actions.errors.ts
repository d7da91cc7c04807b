import { defineErrors } from '@m3m/base'
import { actionsTexts } from './actions.contract.ts'

/** Thrown inside the isolate; listed here for the reference. */
export const actionsErrors = defineErrors({
  ACTIONS_SLUG_INVALID: { blame: 'user', status: 400, text: actionsTexts.ACTIONS_SLUG_INVALID },
  ACTIONS_HANDLER_INVALID: { blame: 'user', status: 400, text: actionsTexts.ACTIONS_HANDLER_INVALID },
  ACTIONS_OPTION_INVALID: { blame: 'user', status: 400, text: actionsTexts.ACTIONS_OPTION_INVALID },
  ACTIONS_TOO_MANY: { blame: 'user', status: 429, text: actionsTexts.ACTIONS_TOO_MANY },
})

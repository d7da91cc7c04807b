import { defineErrors } from '@m3m/base'
import { dialogTexts } from '../../sandbox/presses/dialogs.ts'

/** Thrown inside the isolate; listed here for the reference. */
export const uiErrors = defineErrors({
  UI_DIALOG_INVALID: { blame: 'user', status: 400, text: dialogTexts.UI_DIALOG_INVALID },
  UI_SEVERAL_PEOPLE: { blame: 'user', status: 409, text: dialogTexts.UI_SEVERAL_PEOPLE },
})

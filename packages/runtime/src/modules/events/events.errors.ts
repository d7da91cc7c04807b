import { defineErrors } from '@m3m/base'
import { eventsTexts } from './events.contract.ts'

/** Thrown inside the isolate; listed here for the reference. */
export const eventsErrors = defineErrors({
  EVENTS_HANDLER_INVALID: { blame: 'user', status: 400, text: eventsTexts.EVENTS_HANDLER_INVALID },
  EVENTS_TYPE_UNKNOWN: { blame: 'user', status: 400, text: eventsTexts.EVENTS_TYPE_UNKNOWN },
  EVENTS_TOO_MANY: { blame: 'user', status: 429, text: eventsTexts.EVENTS_TOO_MANY },
})

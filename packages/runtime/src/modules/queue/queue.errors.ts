import { defineErrors } from '@m3m/base'
import { queueTexts } from './queue.contract.ts'

/** Thrown inside the isolate; what concerns jobs themselves is in packages/data/src/queue/queue.errors.ts. */
export const queueRoomErrors = defineErrors({
  QUEUE_HANDLER_INVALID: { blame: 'user', status: 400, text: queueTexts.QUEUE_HANDLER_INVALID },
  QUEUE_SETTING_INVALID: { blame: 'user', status: 400, text: queueTexts.QUEUE_SETTING_INVALID },
})

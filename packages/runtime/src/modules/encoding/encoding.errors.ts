import { defineErrors } from '@m3m/base'
import { encodingTexts } from './encoding.contract.ts'

/** Thrown inside the isolate; listed here for the reference. */
export const encodingErrors = defineErrors({
  ENCODING_INVALID: { blame: 'user', status: 400, text: encodingTexts.ENCODING_INVALID },
  ENCODING_OPTION_INVALID: { blame: 'user', status: 400, text: encodingTexts.ENCODING_OPTION_INVALID },
})

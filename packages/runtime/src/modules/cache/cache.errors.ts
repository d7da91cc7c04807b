import { defineErrors } from '@m3m/base'
import { cacheTexts } from './cache.contract.ts'

/** Thrown inside the isolate; listed here for the reference. */
export const cacheErrors = defineErrors({
  CACHE_VALUE_INVALID: { blame: 'user', status: 400, text: cacheTexts.CACHE_VALUE_INVALID },
  CACHE_VALUE_TOO_LARGE: { blame: 'user', status: 413, text: cacheTexts.CACHE_VALUE_TOO_LARGE },
  CACHE_NOT_A_NUMBER: { blame: 'user', status: 409, text: cacheTexts.CACHE_NOT_A_NUMBER },
  CACHE_OPTION_INVALID: { blame: 'user', status: 400, text: cacheTexts.CACHE_OPTION_INVALID },
})

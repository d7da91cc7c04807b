import { defineErrors } from '@m3m/base'
import { validatorTexts } from './validator.contract.ts'

/** Thrown inside the isolate; listed here for the reference. */
export const validatorErrors = defineErrors({
  VALIDATOR_RULE_UNKNOWN: { blame: 'user', status: 400, text: validatorTexts.VALIDATOR_RULE_UNKNOWN },
  VALIDATOR_RULES_INVALID: { blame: 'user', status: 400, text: validatorTexts.VALIDATOR_RULES_INVALID },
})

/** The texts of this room's errors, for the sandbox that throws them and for the table in validator.errors.ts. */
export const validatorTexts = {
  VALIDATOR_RULE_UNKNOWN: (p: { rule: string }) =>
    `There is no rule "${p.rule}"; see the list in the documentation of validator.`,
  VALIDATOR_RULES_INVALID: (p: { expected: string }) => `The rules must be ${p.expected}.`,
}

/** The texts of this room's errors, for the sandbox that throws them and for the table in encoding.errors.ts. */
export const encodingTexts = {
  ENCODING_INVALID: (p: { what: string; reason: string }) => `This is not valid ${p.what}: ${p.reason}.`,
  ENCODING_OPTION_INVALID: (p: { option: string; expected: string }) =>
    `The option "${p.option}" must be ${p.expected}.`,
}

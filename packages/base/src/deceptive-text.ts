/**
 * Characters that a line of text has no use for and that make it look like another: control characters, separators
 * of lines, and those that turn the direction of what follows (`gpj.exe` after U+202E reads `exe.jpg`). Marks that
 * Arabic and Hebrew need inside of a line (U+200E, U+200F, U+061C) are none of them.
 *
 * @see Unicode Technical Report 36, 2.2; UAX 9, 2.1 and 2.2
 */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const DECEPTIVE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** True when the text is shown as it is written: fit for a name. */
export const isHonestText = (text: string): boolean => !DECEPTIVE.test(text)

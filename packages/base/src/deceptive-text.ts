/**
 * Characters that a line of text has no use for and that make it look like another: control characters, separators
 * of lines, and those that turn the direction of what follows (`gpj.exe` after U+202E reads `exe.jpg`). Marks that
 * Arabic and Hebrew need inside of a line (U+200E, U+200F, U+061C) are none of them.
 *
 * @see Unicode Technical Report 36, 2.2; UAX 9, 2.1 and 2.2
 */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const DECEPTIVE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** True when the text is shown as it is written: fit for a name. */
export const isHonestText = (text: string): boolean => text.search(DECEPTIVE) === -1

/** A piece of a text: words as they are shown, or one character that deceives, by its code (`U+202E`). */
export interface TextPiece {
  text: string
  isCode: boolean
}

/** A text that may deceive, so that it can be shown to a person; one piece where it is honest, none where it is empty. */
export function textPieces(text: string): TextPiece[] {
  const codes = text.match(DECEPTIVE) ?? []
  return text
    .split(DECEPTIVE)
    .flatMap((words, at): TextPiece[] => [
      { text: words, isCode: false },
      ...(at < codes.length ? [{ text: codeOf(codes[at]!), isCode: true }] : []),
    ])
    .filter((piece) => piece.text !== '')
}

/** The same as plain text, for where no marks can stand: `photo⟨U+202E⟩gpj.exe`. */
export const revealedText = (text: string): string => text.replace(DECEPTIVE, (sign) => `⟨${codeOf(sign)}⟩`)

/** Without what deceives; it may be left empty. */
export const honestText = (text: string): string => text.replace(DECEPTIVE, '')

const codeOf = (sign: string): string => `U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

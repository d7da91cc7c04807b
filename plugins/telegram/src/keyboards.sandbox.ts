/** A button as a service writes it: its text, or an object of the Bot API. */
type Button = string | Record<string, unknown>

/** `reply_markup` of buttons below the input field. */
export function keyboard(
  rows: readonly (readonly Button[])[],
  options: Record<string, unknown> = {},
): object {
  const buttons = rows.map((row) =>
    row.map((button) => (typeof button === 'string' ? { text: button } : button)),
  )
  return { keyboard: buttons, resize_keyboard: true, ...options }
}

/** `reply_markup` of buttons below the message: `{ text: data }`, or objects of the Bot API in lists. */
export function inlineKeyboard(rows: readonly (readonly Button[] | Record<string, string>)[]): object {
  const rowOf = (row: (typeof rows)[number]): object[] =>
    Array.isArray(row)
      ? row.map((button: Button) =>
          typeof button === 'string' ? { text: button, callback_data: button } : button,
        )
      : Object.entries(row).map(([text, data]) => ({
          text,
          ...(/^https?:\/\//.test(String(data)) ? { url: data } : { callback_data: String(data) }),
        }))
  return { inline_keyboard: rows.map(rowOf) }
}

export const removeKeyboard = (): object => ({ remove_keyboard: true })

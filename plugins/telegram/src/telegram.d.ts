/** An event of the Bot API, with what a handler may do about it. */
interface TelegramContext {
  /** The whole event: https://core.telegram.org/bots/api#update */
  readonly update: any
  /** `message`, `callback_query`, `edited_message`… */
  readonly kind: string
  readonly message: any
  readonly chat: { id: number; type?: string; [key: string]: any }
  readonly from: { id: number; first_name?: string; username?: string; [key: string]: any }
  /** Text of the message; '' when there is none. */
  readonly text: string
  /** Data of the button that was pressed; '' elsewhere. */
  readonly data: string
  /** Of a command: what stands behind it, whole and in words. */
  readonly argument: string
  readonly args: string[]
  /** Of a pattern: the match and its groups. */
  readonly match: string[]
  /** A message to the same chat. */
  reply(text: string, options?: TelegramOptions): Promise<any>
  /** Ends the clock on a button that was pressed, with a short note. */
  answer(text?: string, options?: TelegramOptions): Promise<any>
}

/** Further parameters of the Bot API: `reply_markup`, `parse_mode`, `disable_notification`… */
interface TelegramOptions {
  reply_markup?: object
  parse_mode?: 'HTML' | 'MarkdownV2'
  [parameter: string]: any
}

type TelegramHandler = (ctx: TelegramContext) => unknown

/** A Telegram bot: commands, texts, buttons; by long polling or by webhook. */
interface TelegramModule {
  /** Handles `/name`, also `/name@bot`. The later handler of a name wins. */
  command(name: string, handler: TelegramHandler): void
  /** Handles texts that are that text, or match that pattern; the first registered one has it. */
  text(pattern: string | RegExp, handler: TelegramHandler): void
  /** Handles presses of inline buttons by their data. */
  callback(pattern: string | RegExp, handler: TelegramHandler): void
  /** Handles what nothing above did, by its kind: `message`, `edited_message`, `my_chat_member`… */
  on(kind: string, handler: TelegramHandler): void
  /**
   * Sends a text.
   * @throws TELEGRAM_TOKEN without a token; TELEGRAM_REFUSED with what Telegram says
   */
  sendMessage(chatId: number | string, text: string, options?: TelegramOptions): Promise<any>
  /**
   * Calls any method of the Bot API and gives its `result`.
   * @throws TELEGRAM_TOKEN, TELEGRAM_METHOD, TELEGRAM_REFUSED, TELEGRAM_UNREACHABLE
   */
  call(method: string, params?: object): Promise<any>
  /** `reply_markup` of buttons below the input field, by rows. */
  keyboard(rows: (string | object)[][], options?: object): object
  /** `reply_markup` of buttons below the message, by rows: `{ Yes: 'yes', Site: 'https://…' }`, or a list. */
  inlineKeyboard(rows: (Record<string, string> | (string | object)[])[]): object
  /** `reply_markup` that takes a keyboard away. */
  removeKeyboard(): object
  /** Gets updates by asking, while this run is the active one. */
  poll(): Promise<void>
  /** Ends `poll`. */
  stop(): Promise<void>
  /**
   * Takes updates at a route of this service. With `url`, the public address of that route, Telegram is told to send them there.
   * @throws TELEGRAM_REFUSED
   */
  webhook(options?: { path?: string; url?: string }): Promise<{ path: string; secret: string }>
  /** Gives an update to its handler by hand; false when nobody wants it. */
  handle(update: object): Promise<boolean>
}

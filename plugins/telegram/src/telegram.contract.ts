/** One event of the Bot API (https://core.telegram.org/bots/api#update), as far as this plugin looks into it. */
export interface Update {
  readonly update_id: number
  readonly [kind: string]: unknown
}

/** Updates that one question may bring; the Bot API gives at most 100. */
export const MAX_UPDATES = 100
/** `TELEGRAM_TOKEN` of the project comes first, the plugin's setting second. */
export const TOKEN_VARIABLE = 'TELEGRAM_TOKEN'
/** How the Bot API shows that a webhook's request is its own. */
export const SECRET_HEADER = 'x-telegram-bot-api-secret-token'

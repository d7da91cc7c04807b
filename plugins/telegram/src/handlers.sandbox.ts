import type { Update } from './telegram.contract.ts'

export type Handler = (ctx: Record<string, unknown>) => unknown
export type Pattern = string | RegExp

interface Message {
  chat?: { id?: unknown }
  from?: unknown
  text?: string
  message_id?: unknown
}

/** What a handler is called with besides what it can do. */
export interface Found {
  handler: Handler
  facts: Record<string, unknown>
}

/** Who handles what. Of the handlers that fit an update the first registered one has it. */
export class Handlers {
  readonly #commands = new Map<string, Handler>()
  readonly #texts: { pattern: Pattern; handler: Handler }[] = []
  readonly #callbacks: { pattern: Pattern; handler: Handler }[] = []
  readonly #kinds = new Map<string, Handler>()

  command(name: string, handler: Handler): void {
    this.#commands.set(name.replace(/^\//, '').toLowerCase(), handler)
  }

  text(pattern: Pattern, handler: Handler): void {
    this.#texts.push({ pattern, handler })
  }

  callback(pattern: Pattern, handler: Handler): void {
    this.#callbacks.push({ pattern, handler })
  }

  on(kind: string, handler: Handler): void {
    this.#kinds.set(kind, handler)
  }

  /** Null when nobody wants it. */
  find(update: Update): Found | null {
    const kind = Object.keys(update).find((key) => key !== 'update_id') ?? ''
    const part = update[kind] as Message & { message?: Message; data?: string }
    const message = kind === 'callback_query' ? part?.message : part
    const facts = {
      ...{ update, kind, message, chat: message?.chat, from: part?.from },
      ...{ text: part?.text ?? '', data: part?.data ?? '' },
    }
    const found =
      kind === 'callback_query' ? this.#fitting(this.#callbacks, facts.data) : this.#ofText(kind, facts.text)
    if (found) return { handler: found.handler, facts: { ...facts, ...found.more } }
    const handler = this.#kinds.get(kind)
    return handler ? { handler, facts } : null
  }

  #ofText(kind: string, text: string) {
    if (kind !== 'message' || text === '') return null
    // `/start@my_bot argument`: in groups a command names its bot.
    const command = /^\/(\w+)(?:@\w+)?(?:\s+([\s\S]*))?$/.exec(text)
    const handler = command && this.#commands.get(command[1]!.toLowerCase())
    if (handler) {
      const argument = command[2]?.trim() ?? ''
      return { handler, more: { argument, args: argument === '' ? [] : argument.split(/\s+/) } }
    }
    return this.#fitting(this.#texts, text)
  }

  #fitting(list: readonly { pattern: Pattern; handler: Handler }[], text: string) {
    for (const { pattern, handler } of list) {
      // A pattern with the flag g remembers where it was.
      const match =
        typeof pattern === 'string'
          ? pattern === text
            ? [text]
            : null
          : text.match(new RegExp(pattern, pattern.flags.replace(/[gy]/g, '')))
      if (match) return { handler, more: { match: [...match] } }
    }
    return null
  }
}

import { AppError, messageOf } from '@m3m/base'
import type { ProjectMail } from '../mail/project-mail.service.ts'
import type { AlertPost } from './alert-post.port.ts'
import type { AlertMessage } from './alert-text.ts'
import type { AlertDelivery } from './alerts.schema.ts'

/** Where a message goes, with its credentials opened. */
export interface OpenChannels {
  /** Its mail goes by the project's own server, where that names one; `null`: by the agent's. */
  projectId: string | null
  emails: readonly string[]
  webhook: { url: string; secret: string | null } | null
  telegram: { botToken: string; chatId: string } | null
}

/** What a program gets; `event` tells the beginning of a trouble from its end. */
export interface AlertPayload extends AlertMessage {
  event: 'trouble' | 'recovery' | 'test'
  kind: string
  project: string | null
  at: string
}

/** Sends one message by every channel; one that fails does not keep the others from it. */
export async function deliver(
  { projectMail, post }: { projectMail: Pick<ProjectMail, 'mailerOf'>; post: AlertPost },
  channels: OpenChannels,
  payload: AlertPayload,
): Promise<AlertDelivery[]> {
  const { projectId, emails, webhook, telegram } = channels
  const { subject, text } = payload
  const ways: [AlertDelivery['channel'], () => Promise<unknown>][] = []
  if (emails.length > 0)
    ways.push([
      'email',
      async () => (await projectMail.mailerOf(projectId)).send({ to: [...emails], subject, text }),
    ])
  if (webhook) ways.push(['webhook', () => toWebhook(post, webhook, payload)])
  if (telegram) {
    // core.telegram.org/bots/api#sendmessage
    const url = `https://api.telegram.org/bot${telegram.botToken}/sendMessage`
    ways.push(['telegram', () => post.json(url, JSON.stringify({ chat_id: telegram.chatId, text: subject }))])
  }
  return Promise.all(ways.map(async ([channel, send]) => ({ channel, ...(await failureOf(send, telegram)) })))
}

async function toWebhook(
  post: AlertPost,
  { url, secret }: { url: string; secret: string | null },
  payload: AlertPayload,
): Promise<void> {
  const body = JSON.stringify(payload)
  await post.json(url, body, secret ? { 'x-m3m-signature': `sha256=${await hmac(secret, body)}` } : {})
}

/** HMAC-SHA256 as hex, as GitHub and others sign their webhooks; by the web's crypto, since core has no Node. */
async function hmac(secret: string, body: string): Promise<string> {
  const utf8 = new TextEncoder()
  const use = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), use, false, ['sign'])
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(body)))
  return Array.from(signature, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Characters that are kept of what a server said. */
const MAX_FAILURE = 300

async function failureOf(
  send: () => Promise<unknown>,
  telegram: OpenChannels['telegram'],
): Promise<Omit<AlertDelivery, 'channel'>> {
  try {
    await send()
    return { error: null }
  } catch (error) {
    // The address of a bot holds its token.
    const shown = (text: string) =>
      (telegram ? text.replaceAll(telegram.botToken, '…') : text).slice(0, MAX_FAILURE)
    const said = shown(messageOf(error))
    if (!(error instanceof AppError)) return { error: said }
    const params = Object.entries(error.params ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? shown(value) : value,
    ])
    return { error: said, because: { code: error.code, message: said, params: Object.fromEntries(params) } }
  }
}

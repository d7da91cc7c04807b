import { queueErrors } from './queue.errors.ts'
import type { PushOptions } from './queue.service.ts'

const MAX_PAYLOAD_CHARACTERS = 256 * 1024
const MAX_DELAY_MS = 366 * 86_400_000
const MAX_KEY = 200

/** @throws QUEUE_NAME */
export function checkName(name: unknown): asserts name is string {
  if (typeof name === 'string' && /^[A-Za-z0-9._:-]{1,100}$/.test(name)) return
  throw queueErrors.QUEUE_NAME({ name: String(name).slice(0, 100) })
}

/** The payload as JSON text. @throws QUEUE_PAYLOAD */
export function checkPayload(name: string, payload: unknown): string {
  const refused = (problem: string) => queueErrors.QUEUE_PAYLOAD({ name, problem })
  let text: string | undefined
  try {
    text = JSON.stringify(payload ?? null)
  } catch (error) {
    throw refused(`its payload is no JSON: ${(error as Error).message}.`)
  }
  if (text === undefined) throw refused('its payload is no JSON.')
  if (text.length > MAX_PAYLOAD_CHARACTERS) {
    throw refused(`its payload has more than ${MAX_PAYLOAD_CHARACTERS} characters; store it and send its id.`)
  }
  return text
}

/** @throws QUEUE_OPTION */
export function checkPush({ delayMs, key }: PushOptions): void {
  if (delayMs !== undefined && !(Number.isFinite(delayMs) && delayMs >= 0 && delayMs <= MAX_DELAY_MS)) {
    throw queueErrors.QUEUE_OPTION({
      option: 'delay',
      problem: `it is 0 to ${MAX_DELAY_MS} ms, not ${delayMs}.`,
    })
  }
  if (key !== undefined && (typeof key !== 'string' || key === '' || key.length > MAX_KEY)) {
    throw queueErrors.QUEUE_OPTION({ option: 'key', problem: `it is text of 1 to ${MAX_KEY} characters.` })
  }
}

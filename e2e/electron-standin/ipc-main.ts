import { decode, encode } from './clone.ts'
import { refuseUnknown } from './refuse-unknown.ts'

type Handler = (event: object, ...args: unknown[]) => unknown

const handlers = new Map<string, Handler>()

export const ipcMain = refuseUnknown('ipcMain', {
  handle(channel: string, handler: Handler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  },
  removeHandler: (channel: string) => void handlers.delete(channel),
})

/** Carries out a call of a preload; what comes back is encoded. */
export async function receiveCall(
  call: { channel: string; args: unknown },
  event: object,
): Promise<{ value: unknown } | { error: string }> {
  try {
    const handler = handlers.get(call.channel)
    if (!handler) throw new Error(`No handler registered for '${call.channel}'`)
    return { value: encode(await handler(event, ...(decode(call.args) as unknown[]))) }
  } catch (error) {
    return { error: `Error invoking remote method '${call.channel}': ${String(error)}` }
  }
}

import { AppError, baseErrors, type ErrorShape, type Logger, newId } from '@m3m/base'
import type { z } from 'zod'
import { HOME_METHODS, type PortMethod, portInputs } from '../../shared/desktop-port.schema.ts'
import type { PortResult } from '../../shared/desktop-port.ts'
import { desktopErrors } from '../desktop.errors.ts'
import { APP_ORIGIN } from '../protocol/app-files.ts'

/** The page that calls. */
export interface CallingPage {
  /** Which agent it belongs to; null for the page without one. */
  agentId: string | null
  /** The window it is in. */
  windowId: number
  /** Hands a file on disk to the drag that began in it. */
  startDrag(file: string): void
  /** Asks where to save what is at an address, and streams it there. */
  download(url: string): void
}

/** What Electron tells of the frame a message came from. `page` null: not one of our pages. */
export interface PortSender {
  frameUrl: string
  isMainFrame: boolean
  page: CallingPage | null
}

export type PortHandlers = {
  [M in PortMethod]: (input: z.output<(typeof portInputs)[M]>, page: CallingPage) => unknown
}

/**
 * The border between pages and main: only the main frame of one of our pages may call, only the named
 * methods exist, every argument is checked, and an error leaves as data.
 */
export function createPortCalls(
  handlers: PortHandlers,
  logger: Logger,
): (call: unknown, sender: PortSender) => Promise<PortResult<unknown>> {
  return async (call, sender) => {
    try {
      const page = callingPage(sender)
      const { method, input } = readCall(call)
      // The page of an agent shows what that agent sent; what it may ask for is its own agent's only.
      if (page.agentId !== null && HOME_METHODS.has(method)) throw desktopErrors.DESKTOP_HOME_ONLY({ method })
      const handler = handlers[method] as (input: unknown, page: CallingPage) => unknown
      return { ok: true, value: await handler(input, page) }
    } catch (error) {
      return { ok: false, error: shapeOf(error, logger) }
    }
  }
}

function callingPage({ frameUrl, isMainFrame, page }: PortSender): CallingPage {
  const url = URL.canParse(frameUrl) ? new URL(frameUrl) : null
  const origin = url ? `${url.protocol}//${url.host}` : 'no address'
  if (origin !== APP_ORIGIN || !isMainFrame || page === null)
    throw desktopErrors.DESKTOP_SENDER_REFUSED({ origin })
  return page
}

function readCall(call: unknown): { method: PortMethod; input: unknown } {
  const { method, input } = (typeof call === 'object' && call !== null ? call : {}) as Record<string, unknown>
  if (typeof method !== 'string' || !Object.hasOwn(portInputs, method))
    throw desktopErrors.DESKTOP_CALL_INVALID({
      method: String(method).slice(0, 60),
      problem: 'there is no such method',
    })
  const checked = portInputs[method as PortMethod].safeParse(input)
  if (checked.success) return { method: method as PortMethod, input: checked.data }
  const problem = checked.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')
  throw desktopErrors.DESKTOP_CALL_INVALID({ method, problem })
}

function shapeOf(error: unknown, logger: Logger): ErrorShape {
  if (error instanceof AppError) return error.toShape()
  const requestId = newId()
  logger.error('a call of the desktop port failed', { requestId, error })
  return baseErrors.INTERNAL_BUG({ requestId }, { cause: error }).toShape()
}

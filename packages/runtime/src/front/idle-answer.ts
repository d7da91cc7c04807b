// What a caller is told when nothing of a project answers.
import type { ServerResponse } from 'node:http'
import { messageOf } from '@m3m/base'
import type { Address } from './address.ts'
import type { FrontOptions } from './front.options.ts'
import { refuse } from './http-exchange.ts'
import type { HeaderRules } from './response-headers.ts'

/** Seconds a client should wait before it asks again for a service that is not there. */
const RETRY_AFTER = { starting: '1', crashed: '30', stopped: '60' }

export interface IdleAnswer {
  /** 404 for no project, else 503 with the reason. */
  why(address: Address): Promise<{ status: number; error: string; headers?: Record<string, string> }>
  /** Sends it. Never throws. */
  send(address: Address, response: ServerResponse, rules: HeaderRules): void
}

export function createIdleAnswer({ whyIdle, logger }: Pick<FrontOptions, 'whyIdle' | 'logger'>): IdleAnswer {
  const why: IdleAnswer['why'] = async ({ slug, projectId }) => {
    const reason = await whyIdle(slug === undefined ? { projectId: projectId! } : { slug })
    if (reason === null) return { status: 404, error: 'There is no such project.' }
    const error = reason === 'starting' ? 'The service is starting.' : `The service is ${reason}.`
    return { status: 503, error, headers: { 'retry-after': RETRY_AFTER[reason] } }
  }
  return {
    why,
    send(address, response, rules) {
      why(address).then(
        (answer) => refuse(response, rules, answer),
        (error: unknown) => {
          logger.error('the state of a project cannot be read', { error: messageOf(error) })
          refuse(response, rules, { status: 503, error: 'The service cannot be reached.' })
        },
      )
    },
  }
}

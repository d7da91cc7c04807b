import type { AlertPost } from '@m3m/core'
import { createHttpClient, createOutboundGuard, guardOptionsOf } from '@m3m/runtime'

const TIMEOUT_MS = 10_000

/**
 * Posts alerts by the rules that services obey: an owner of a project who names an address cannot make the agent
 * knock at ports of the inside.
 *
 * @param settings of the outbound guard, asked at each message
 */
export function createAlertPost(settings: () => Readonly<Record<string, unknown>>): AlertPost {
  return {
    async json(url, body, headers = {}) {
      await using client = createHttpClient({ guard: createOutboundGuard(guardOptionsOf(settings())) })
      const answer = await client.send(
        {
          method: 'POST',
          url,
          headers: [['content-type', 'application/json'], ...Object.entries(headers)],
          body,
          timeoutMs: TIMEOUT_MS,
          redirect: 'error',
        },
        AbortSignal.timeout(TIMEOUT_MS),
      )
      if (answer.status >= 200 && answer.status < 300) return
      const said = new TextDecoder().decode(answer.body.subarray(0, 200))
      throw new Error(`it answered ${answer.status}${said ? `: ${said}` : ''}`)
    },
  }
}

import type { ReleaseFeed } from '@m3m/core'
import { z } from 'zod'

const TIMEOUT_MS = 15_000
const MAX_BYTES = 64 * 1024

const announcement = z.object({
  version: z
    .string()
    .max(40)
    .regex(/^v?\d+(\.\d+){1,2}(-[0-9A-Za-z.-]+)?$/),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable()
    .optional(),
})

/** Reads `{"version": "1.2.0", "url": "https://…"}` over the web. Nothing of this agent is told but its asking. */
export function createReleaseFeed(): ReleaseFeed {
  return {
    async latest(feed) {
      const response = await fetch(feed, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { accept: 'application/json', 'user-agent': 'm3m' },
      })
      if (!response.ok) throw new Error(`${feed} answered ${response.status}`)
      const parsed = announcement.safeParse(parse(await readText(response, feed)))
      if (!parsed.success) throw new Error(`${feed} is no announcement such as {"version": "1.2.0"}`)
      return { version: parsed.data.version, url: parsed.data.url ?? null }
    },
  }
}

async function readText({ body }: Response, feed: string): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body ?? []) {
    size += part.length
    if (size > MAX_BYTES) throw new Error(`${feed} is larger than ${MAX_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

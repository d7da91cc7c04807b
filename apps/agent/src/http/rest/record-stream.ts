import type { ServerResponse } from 'node:http'
import type { DataEngine } from '@m3m/data'

/** Keeps proxies and the reader sure that the stream lives; WHATWG HTML §9.2.7 suggests every 15 s. */
const KEEP_ALIVE_MS = 15_000
/** A reader who lets this much wait is cut off; it comes back with Last-Event-ID and misses nothing. */
const MAX_WAITING_BYTES = 1024 * 1024

interface StreamOptions {
  data: DataEngine
  projectId: string
  model: string
  /** Changes of this record only. */
  recordId: string | undefined
  /** `Last-Event-ID` of a reader that comes back: events after it are sent first. */
  lastEventId: string | undefined
}

/** Sends every change of a model's records as a server-sent event until the reader leaves. `id` is the event's place in the project. */
export async function streamRecords(response: ServerResponse, options: StreamOptions): Promise<void> {
  const { data, projectId, model, recordId } = options
  const left = new AbortController()
  response.once('close', () => left.abort())
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write(': listening\n\n')
  const beat = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS)
  const afterSeq = Number(options.lastEventId)
  try {
    await data.events.follow(
      {
        projectId,
        models: [model],
        signal: left.signal,
        ...(Number.isInteger(afterSeq) && afterSeq > 0 && { afterSeq }),
      },
      ({ seq, actor: _actor, projectId: _projectId, modelId: _modelId, ...event }) => {
        if (recordId !== undefined && event.recordId !== recordId) return
        response.write(`id: ${seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
        if (response.writableLength > MAX_WAITING_BYTES) response.destroy()
      },
    )
  } finally {
    clearInterval(beat)
    response.end()
  }
}

import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'
import type { IsoDate } from '../../ids.schema.ts'
import type { RunSource } from '../runs/supervisor.port.ts'

export const keptRequestInput = z.strictObject({ projectId: idSchema, requestId: idSchema })

/** One request of a service, as a line of the list. */
export interface KeptRequest {
  id: string
  at: IsoDate
  runId: string
  source: RunSource
  method: string
  /** Path and query as the service saw them; in lists cut after 2,000 characters. */
  url: string
  ip: string
  /** The pattern that answered it; null when none did. */
  route: string | null
  /** 499: the client left before the answer was whole. */
  status: number
  /** From its head to the end of the answer. */
  ms: number
  requestBytes: number
  responseBytes: number
}

/** `value` is null where it would let somebody in: the header's name is in {@link SECRET_HEADERS}. */
export interface KeptHeader {
  name: string
  value: string | null
}

export interface KeptBody {
  /** Null when the bytes are no text. */
  text: string | null
  totalBytes: number
  /** There was more than is kept (16 KiB of each body). */
  isCut: boolean
}

export interface KeptRequestDetail extends KeptRequest {
  requestHeaders: KeptHeader[]
  requestBody: KeptBody
  responseHeaders: KeptHeader[]
  responseBody: KeptBody
}

/** Their values stay in the agent: a look at a request must not hand out a sign-in. Lower case. */
export const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
])

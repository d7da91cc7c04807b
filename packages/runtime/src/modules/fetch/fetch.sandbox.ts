// The web's fetch and its kin, for code that knows them.
import type { SandboxRoom } from '../../sandbox/lane.ts'
import { ask } from './ask.sandbox.ts'
import { EventSource } from './event-source.sandbox.ts'
import { Headers } from './headers.sandbox.ts'
import { Request, type RequestInit } from './request.sandbox.ts'
import { Response } from './response.sandbox.ts'
import { WebSocket } from './web-socket.sandbox.ts'

export { EventSource, Headers, Request, Response, WebSocket }

export const room: SandboxRoom = (lane) => {
  async function fetch(input: unknown, ...init: [RequestInit?]): Promise<Response> {
    return ask(lane, input, ...init)
  }
  return fetch
}

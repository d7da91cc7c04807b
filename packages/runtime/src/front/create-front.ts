// The bare node:http handler in front of everything: slug → active run from memory → frames.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AgentRun } from '../supervisor/agent-run.ts'
import type { FrontSupervisor } from '../supervisor/create-supervisor.ts'
import { createClientAddress, ownsUrl, parseAddress, type Address } from './address.ts'
import type { Front, FrontOptions, FrontOrigin } from './front.options.ts'
import { HttpExchange, isRepeatable, refuse } from './http-exchange.ts'
import { createIdleAnswer } from './idle-answer.ts'
import { headersForService } from './request-headers.ts'
import type { Recording } from './request-recorder.ts'
import type { HeaderRules } from './response-headers.ts'
import { createFileServer } from './serve-file.ts'
import { createSocketUpgrade } from './socket-exchange.ts'

const NO_PROXIES: readonly string[] = []

interface Incoming {
  address: Address
  request: IncomingMessage
  response: ServerResponse
  rules: HeaderRules
}

/** What is known of a request once it has been given to a run. */
interface Passed {
  ip: string
  rawHeaders: string[]
  recording: Recording | null
  startedMs: number
}

/** A person's browser, not a program: programs may post to an address without its slash, and some follow no redirect. */
function isPageVisit({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate'
}

/** Whose files are served, and who counts their bytes. */
function ownerOf({ spec, counters }: AgentRun): { projectId: string; onSent(bytes: number): void } {
  return { projectId: spec.projectId, onSent: (bytes) => counters.transferred(0, bytes) }
}

export function createFront(options: FrontOptions): Front {
  const supervisor = options.supervisor as FrontSupervisor
  const panelCookies = new Set(options.panelCookies)
  const clientAddress = createClientAddress(options.trustedProxies ?? (() => NO_PROXIES))
  const rulesOf: Record<FrontOrigin, HeaderRules> = {
    panel: { origin: 'panel', panelCookies },
    services: { origin: 'services', panelCookies },
  }
  const serveFile = createFileServer(supervisor.storagePath)
  const idle = createIdleAnswer(options)
  const upgradeSocket = createSocketUpgrade({ panelCookies, clientAddress, logger: options.logger })

  const find = (address: Address) =>
    supervisor.route(address.slug === undefined ? { projectId: address.projectId! } : { slug: address.slug })

  /** To the run that has the route, as soon as there is one. Held: nothing of its body is read until then. */
  function route(incoming: Incoming, before?: Passed): void {
    const found = find(incoming.address)
    if (!(found instanceof Promise)) return pass(found, incoming, before)
    void found.then((run) => incoming.response.destroyed || pass(run, incoming, before))
  }

  function pass(run: AgentRun | null, incoming: Incoming, before?: Passed): void {
    const { address, request, response, rules } = incoming
    if (!run) return idle.send(address, response, rules)
    const passed = before ?? received(run, incoming)
    const exchange = new HttpExchange({
      ...passed,
      request,
      response,
      run,
      url: address.url,
      rules,
      again: before || !isRepeatable(request) ? null : () => route(incoming, passed),
      serveFile: (file, answer) =>
        void serveFile({ request, response, file, answer, rules, ...ownerOf(run) }),
    })
    exchange.begin()
  }

  function received(run: AgentRun, { address: { url }, request }: Incoming): Passed {
    const ip = clientAddress(
      request.socket.remoteAddress,
      request.headers['x-forwarded-for'] as string | undefined,
    )
    const rawHeaders = headersForService(request.rawHeaders, panelCookies)
    const recording =
      options.recorder?.begin(run, { method: request.method!, url, ip, headers: rawHeaders }) ?? null
    return { ip, rawHeaders, recording, startedMs: performance.now() }
  }

  return {
    owns: ownsUrl,
    request(request: IncomingMessage, response: ServerResponse, origin: FrontOrigin) {
      const rules = rulesOf[origin]
      const address = parseAddress(request.url!)
      if (!address)
        return refuse(response, rules, { status: 404, error: 'There is no project in this address.' })
      if (address.withSlash !== undefined && isPageVisit(request))
        return void response.writeHead(308, { location: address.withSlash }).end()
      route({ address, request, response, rules })
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, origin: FrontOrigin) {
      socket.on('error', () => socket.destroy())
      const address = parseAddress(request.url!)
      const close = ({ status }: { status: number }) =>
        socket.end(
          `HTTP/1.1 ${status} ${status === 404 ? 'Not Found' : 'Service Unavailable'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
        )
      if (!address) return void close({ status: 404 })
      const passTo = (run: AgentRun | null): void => {
        if (run) upgradeSocket({ request, socket, head, run, url: address.url, rules: rulesOf[origin] })
        else idle.why(address).then(close, () => close({ status: 503 }))
      }
      const found = find(address)
      if (found instanceof Promise) void found.then(passTo)
      else passTo(found)
    },
  }
}

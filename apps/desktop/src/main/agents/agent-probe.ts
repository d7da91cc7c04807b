import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { messageOf } from '@m3m/base'
import { z } from 'zod'
import type { AgentProbe, CertificateFacts } from '../../shared/desktop-port.ts'
import { desktopErrors } from '../desktop.errors.ts'
import { plainFingerprint } from './certificate-check.ts'

/** A person waits for the answer; a server that needs longer than this for `/health` is as good as away. */
const TIMEOUT_MS = 5_000
/** `/health` and `agent.info` are below 200 bytes; whatever is longer is another kind of server. */
const MAX_ANSWER_BYTES = 4_096

const healthSchema = z.object({ status: z.literal('ok') })
const infoSchema = z.object({ result: z.object({ data: z.object({ version: z.string() }) }) })
const LOOPBACK = /^(localhost|.*[.]localhost|127(?:[.]\d{1,3}){3}|\[::1\])$/

/** Asks an address who it is. `timeoutMs`: of each of the two requests, 5 s unless given. */
export type ProbeAgent = (url: string, timeoutMs?: number) => Promise<Omit<AgentProbe, 'knownAs'>>

/**
 * Asks `{url}/health` who it is and looks at the certificate. Accepts any certificate, because no credential
 * is sent and the answer only fills a form that a person confirms.
 * @throws DESKTOP_AGENT_UNREACHABLE, DESKTOP_NOT_AN_AGENT
 */
export async function probeAgent(url: string, timeoutMs = TIMEOUT_MS): Promise<Omit<AgentProbe, 'knownAs'>> {
  const startedMs = performance.now()
  const answer = await ask(url, '/health', timeoutMs).catch((error: unknown) => {
    throw desktopErrors.DESKTOP_AGENT_UNREACHABLE({ url, reason: messageOf(error) }, { cause: error })
  })
  const latencyMs = Math.round(performance.now() - startedMs)
  if (answer.status !== 200 || !healthSchema.safeParse(parseJson(answer.text)).success)
    throw desktopErrors.DESKTOP_NOT_AN_AGENT({ url, got: `GET /health gave status ${answer.status}` })
  return {
    url,
    version: await versionOf(url, timeoutMs),
    latencyMs,
    certificate: answer.certificate,
    plainHttpOffMachine: isPlainHttpOffMachine(url),
  }
}

/** An agent that is healthy but keeps its version to itself (an older one) can still be added. */
async function versionOf(url: string, timeoutMs: number): Promise<string | null> {
  const answer = await ask(url, '/trpc/agent.info', timeoutMs).catch(() => null)
  const info = infoSchema.safeParse(parseJson(answer?.text ?? ''))
  return info.success ? info.data.result.data.version : null
}

/** True for http to anything but this computer. */
export function isPlainHttpOffMachine(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !LOOPBACK.test(hostname)
}

interface Answer {
  status: number
  text: string
  certificate: CertificateFacts | null
}

function ask(url: string, path: string, timeoutMs: number): Promise<Answer> {
  const secure = url.startsWith('https:')
  // A new connection each time: with a kept one a changed certificate would stay unseen.
  const options: RequestOptions = { agent: false, signal: AbortSignal.timeout(timeoutMs) }
  return new Promise((resolve, reject) => {
    const target = new URL(path, url)
    const call = secure
      ? httpsRequest(target, { ...options, rejectUnauthorized: false })
      : httpRequest(target, options)
    call.on('error', reject)
    call.on('response', (response) => {
      const certificate = secure ? factsOf(response.socket as TLSSocket) : null
      let text = ''
      response.setEncoding('utf8')
      response.on('error', reject)
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'))
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, certificate }))
    })
    call.end()
  })
}

function factsOf(socket: TLSSocket): CertificateFacts {
  const certificate = socket.getPeerCertificate()
  const { CN } = certificate.subject
  return {
    fingerprint: plainFingerprint(certificate.fingerprint256),
    subject: (Array.isArray(CN) ? CN[0] : CN) ?? certificate.subjectaltname ?? '',
    validTo: new Date(certificate.valid_to).toISOString(),
    trusted: socket.authorized,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

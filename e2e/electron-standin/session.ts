import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { request as httpsRequest } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { browser } from './browser.ts'
import { watchDownloads } from './downloads.ts'
import { type ProtocolHandler, registerSession, SESSION_COOKIE, standinOrigin } from './protocol.ts'
import { refuseUnknown } from './refuse-unknown.ts'

interface VerifyRequest {
  hostname: string
  certificate: { data: string }
  verificationResult: string
  errorCode: number
}
type VerifyProc = (request: VerifyRequest, answer: (result: number) => void) => void
type PermissionCheck = (contents: null, permission: string) => boolean
type PermissionAnswer = (contents: null, permission: string, answer: (granted: boolean) => void) => void

/** What is asked of the check handler when the context opens; Chromium's names, which are Electron's too. */
const PERMISSIONS = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi']
/** What Electron asks by one name and Chromium's protocol sets by another. */
const CLIPBOARD_WRITE = { asked: 'clipboard-sanitized-write', set: 'clipboard-write' } as const

/** A partition: a browser context of its own, so that cookies, storage and cache are apart as in Electron. */
export class Session extends EventEmitter {
  /** What the cookie carries. */
  readonly key = randomUUID()
  readonly handlers = new Map<string, ProtocolHandler>()
  readonly protocol = refuseUnknown('session.protocol', {
    handle: (scheme: string, handler: ProtocolHandler) => void this.handlers.set(scheme, handler),
    isProtocolHandled: (scheme: string) => this.handlers.has(scheme),
  })
  permissionRequest: PermissionAnswer | null = null
  permissionCheck: PermissionCheck | null = null
  #verify: VerifyProc | null = null
  #context: Promise<string> | null = null

  constructor() {
    super()
    registerSession(this)
  }

  /** Id of the browser context. */
  context(): Promise<string> {
    this.#context ??= this.#open()
    return this.#context
  }

  setCertificateVerifyProc(proc: VerifyProc | null): void {
    this.#verify = proc
  }

  setPermissionRequestHandler(handler: PermissionAnswer | null): void {
    this.permissionRequest = handler
  }

  setPermissionCheckHandler(handler: PermissionCheck | null): void {
    this.permissionCheck = handler
  }

  setDevicePermissionHandler(_handler: () => boolean): void {}

  setSpellCheckerEnabled(_on: boolean): void {}

  /** Chromium asks before anything reaches a private address; every agent of a test has one. */
  mayReachLoopback(): boolean {
    return this.permissionCheck?.(null, 'loopback-network') ?? true
  }

  async clearCache(): Promise<void> {}

  async clearStorageData(): Promise<void> {
    if (!this.#context) return
    const devtools = await browser()
    await devtools.send('Storage.clearCookies', { browserContextId: await this.#context })
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    if (!this.mayReachLoopback()) throw new Error('net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS')
    if (!url.startsWith('https:')) return fetch(url, init)
    return this.#fetchTls(url, init)
  }

  /** Whether the session would connect there, by its verify proc or the system's authorities. */
  accepts(hostname: string, pem: string, trusted: boolean): Promise<boolean> {
    if (!this.#verify) return Promise.resolve(trusted)
    const verificationResult = trusted ? 'net::OK' : 'net::ERR_CERT_AUTHORITY_INVALID'
    const request = {
      hostname,
      certificate: { data: pem },
      verificationResult,
      errorCode: trusted ? 0 : -202,
    }
    return new Promise((resolve) =>
      this.#verify!(request, (result) => resolve(result === 0 || (result === -3 && trusted))),
    )
  }

  async #open(): Promise<string> {
    const devtools = await browser()
    const { browserContextId } = await devtools.send<{ browserContextId: string }>(
      'Target.createBrowserContext',
    )
    const cookie = { name: SESSION_COOKIE, value: this.key, url: standinOrigin(), httpOnly: true }
    await devtools.send('Storage.setCookies', { browserContextId, cookies: [cookie] })
    for (const name of PERMISSIONS.filter((one) => this.permissionCheck?.(null, one) === false))
      await devtools.send('Browser.setPermission', {
        permission: { name },
        setting: 'denied',
        browserContextId,
      })
    if (this.permissionCheck?.(null, CLIPBOARD_WRITE.asked) === false)
      await devtools.send('Browser.setPermission', {
        permission: { name: CLIPBOARD_WRITE.set },
        setting: 'denied',
        browserContextId,
      })
    await watchDownloads(this, browserContextId)
    return browserContextId
  }

  #fetchTls(url: string, init: RequestInit): Promise<Response> {
    return new Promise((resolve, reject) => {
      const { method = 'GET', headers, body, signal } = init
      const call = httpsRequest(url, {
        method,
        headers: Object.fromEntries(new Headers(headers)),
        rejectUnauthorized: false,
        agent: false,
        ...(signal && { signal }),
      })
      call.on('error', reject)
      call.on('socket', (socket) =>
        socket.once('secureConnect', async () => {
          const pem = (socket as TLSSocket).getPeerX509Certificate()!.toString()
          const accepted = await this.accepts(new URL(url).hostname, pem, (socket as TLSSocket).authorized)
          if (accepted) call.end(body)
          else call.destroy(new Error('net::ERR_FAILED'))
        }),
      )
      call.on('response', async (response) => {
        const chunks = await response.toArray()
        resolve(new Response(new Blob(chunks), { status: response.statusCode ?? 0 }))
      })
    })
  }
}

const partitions = new Map<string, Session>()

export const session = refuseUnknown('session', {
  fromPartition(name: string): Session {
    const known = partitions.get(name) ?? refuseUnknown('Session', new Session())
    partitions.set(name, known)
    return known
  },
})

import { Buffer } from 'node:buffer'
import { newId } from '@m3m/base'
import { describe, expect, it } from 'vitest'
import type { RecordedRequest, RequestRecorder } from './request-recorder.port.ts'
import { createRequests } from './requests.service.ts'

const PROJECT = newId()
const nothing = { bytes: Buffer.alloc(0), totalBytes: 0 }

function recorded(values: Partial<RecordedRequest> = {}): RecordedRequest {
  return {
    id: newId(),
    atMs: Date.UTC(2026, 0, 31),
    runId: newId(),
    source: { release: '1.0' },
    ...{ method: 'POST', url: '/hook', ip: '192.0.2.1', route: '/hook', status: 200, ms: 1.23456 },
    ...{ requestHeaders: [], requestBody: nothing, responseHeaders: [], responseBody: nothing },
    ...values,
  }
}

function open(requests: RecordedRequest[]) {
  let tell: Parameters<RequestRecorder['listen']>[0] = () => {}
  const service = createRequests({
    list: (projectId) => (projectId === PROJECT ? requests : []),
    get: (projectId, id) => (projectId === PROJECT && requests.find((one) => one.id === id)) || null,
    forget: () => void requests.splice(0),
    listen(hear) {
      tell = hear
      return () => void (tell = () => {})
    },
  })
  return { service, tell: (projectId: string, request: RecordedRequest) => tell(projectId, request) }
}

describe('kept requests', () => {
  it('are shown without what would let somebody in', () => {
    const request = recorded({
      requestHeaders: ['Authorization', 'Bearer x', 'X-Hub-Signature-256', 'sha256=1', 'Cookie', 'a=1'],
      responseHeaders: ['set-cookie', 'b=2', 'content-type', 'text/plain'],
    })
    const { service } = open([request])
    const { requestHeaders, responseHeaders, at, ms } = service.get(PROJECT, request.id)
    expect(requestHeaders).toEqual([
      { name: 'authorization', value: null },
      { name: 'x-hub-signature-256', value: 'sha256=1' },
      { name: 'cookie', value: null },
    ])
    expect(responseHeaders).toEqual([
      { name: 'set-cookie', value: null },
      { name: 'content-type', value: 'text/plain' },
    ])
    expect([at, ms]).toEqual(['2026-01-31T00:00:00.000Z', 1.23])
  })

  it('have a long address cut in the list, and whole by themselves', () => {
    const url = `/search?q=${'x'.repeat(5_000)}`
    const request = recorded({ url })
    const { service } = open([request])
    expect(service.list(PROJECT)[0]!.url).toHaveLength(2_000)
    expect(service.get(PROJECT, request.id).url).toBe(url)
  })

  it('have bodies as text where they are text, also when one is cut through a character', () => {
    const cut = { bytes: Buffer.from('аб').subarray(0, 3), totalBytes: 4 }
    const request = recorded({
      requestBody: cut,
      responseBody: { bytes: Buffer.from([0x89, 0x50, 0, 1]), totalBytes: 4 },
    })
    const { service } = open([request])
    const { requestBody, responseBody } = service.get(PROJECT, request.id)
    expect(requestBody).toEqual({ text: 'а', totalBytes: 4, isCut: true })
    expect(responseBody).toEqual({ text: null, totalBytes: 4, isCut: false })
  })

  it('of another project, or gone, are not there', () => {
    const request = recorded()
    const { service } = open([request])
    expect(() => service.get(newId(), request.id)).toThrow(
      expect.objectContaining({ code: 'REQUEST_NOT_KEPT' }),
    )
    service.clear(PROJECT)
    expect(() => service.get(PROJECT, request.id)).toThrow(
      expect.objectContaining({ code: 'REQUEST_NOT_KEPT' }),
    )
  })

  it('are told to those who watch that project, until they leave', async () => {
    const { service, tell } = open([])
    const leave = new AbortController()
    const seen: string[] = []
    const watching = (async () => {
      for await (const { url } of service.watch(PROJECT, leave.signal)) {
        seen.push(url)
        if (seen.length === 2) leave.abort()
      }
    })()
    await Promise.resolve()
    tell(PROJECT, recorded({ url: '/a' }))
    tell(newId(), recorded({ url: '/other' }))
    tell(PROJECT, recorded({ url: '/b' }))
    await watching
    expect(seen).toEqual(['/a', '/b'])
  })
})

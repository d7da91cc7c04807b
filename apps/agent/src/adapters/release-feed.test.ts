import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createReleaseFeed } from './release-feed.ts'

let server: Server
let url: string
const answers: Record<string, string> = {
  '/good': '{"version": "1.2.0", "url": "https://example.com/1.2.0"}',
  '/bare': '{"version": "2.0.0-rc.1"}',
  '/html': '<html>',
  '/script': '{"version": "1.0.0", "url": "javascript:alert(1)"}',
  '/huge': `{"version": "1.0.0", "x": "${'x'.repeat(100_000)}"}`,
}
beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = answers[request.url!]
    response.writeHead(answer ? 200 : 404).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

it('reads an announced version', async () => {
  const { latest } = createReleaseFeed()
  expect(await latest(`${url}/good`)).toEqual({ version: '1.2.0', url: 'https://example.com/1.2.0' })
  expect(await latest(`${url}/bare`)).toEqual({ version: '2.0.0-rc.1', url: null })
})

it.each(['html', 'script', 'huge', 'none'])('refuses what is no announcement: %s', async (path) => {
  await expect(createReleaseFeed().latest(`${url}/${path}`)).rejects.toThrow(`${url}/${path}`)
})

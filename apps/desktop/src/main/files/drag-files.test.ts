import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { serveOnLoopback } from '../testing/servers.ts'
import { createDragFiles } from './drag-files.ts'

const projectId = 'a'.repeat(24)

test('a stored file becomes a file of its name, which ends with the app', async () => {
  const asked: string[] = []
  await using server = await serveOnLoopback((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`)
    response.end('hello')
  })
  const files = createDragFiles()
  const reach = { url: server.url, fetch, token: 'short' }
  const first = await files.fetch(reach, { projectId, path: 'a b/тест #1.txt' })
  const second = await files.fetch(reach, { projectId, path: 'other/тест #1.txt' })
  expect([basename(first), basename(second), first === second]).toEqual(['тест #1.txt', 'тест #1.txt', false])
  expect(await readFile(first, 'utf8')).toBe('hello')
  expect(asked[0]).toBe(`Bearer short /files/storage/${projectId}/a%20b/%D1%82%D0%B5%D1%81%D1%82%20%231.txt`)
  await files[Symbol.asyncDispose]()
  expect([existsSync(first), existsSync(second)]).toEqual([false, false])
})

test('names that would lead elsewhere or mean something to a system are made harmless', async () => {
  await using server = await serveOnLoopback((_request, response) => void response.end('x'))
  await using files = createDragFiles()
  const names = ['..', '.bashrc', 'a\\b:c', 'tab\there']
  const made = await Promise.all(
    names.map((path) => files.fetch({ url: server.url, fetch, token: 't' }, { projectId, path })),
  )
  expect(made.map((path) => basename(path))).toEqual(['_', '_bashrc', 'a_b_c', 'tab_here'])
})

test('what is too large or refused is said by name, also when its size was not told', async () => {
  await using server = await serveOnLoopback((request, response) => {
    if (request.url?.endsWith('gone')) response.writeHead(404).end()
    else if (request.url?.endsWith('told')) response.end('x'.repeat(2_000))
    else {
      response.write('x'.repeat(600))
      response.end('x'.repeat(600))
    }
  })
  await using files = createDragFiles(1_000)
  const fetched = (path: string) => files.fetch({ url: server.url, fetch, token: 't' }, { projectId, path })
  await expect(fetched('told')).rejects.toMatchObject({ code: 'DESKTOP_DRAG_TOO_LARGE' })
  await expect(fetched('untold')).rejects.toMatchObject({ code: 'DESKTOP_DRAG_TOO_LARGE' })
  await expect(fetched('gone')).rejects.toMatchObject({ code: 'DESKTOP_DRAG_REFUSED' })
})

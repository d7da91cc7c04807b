import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTempFolder } from '../testing/temp-folder.ts'
import { createAppFiles } from './app-files.ts'

async function open(agentUrl: string | null = 'https://agent.example.com:3000') {
  const folder = await makeTempFolder()
  const root = join(folder.path, 'web')
  await mkdir(join(root, 'assets'), { recursive: true })
  await writeFile(join(root, 'index.html'), '<title>m3m</title>')
  await writeFile(join(root, 'assets/main.js'), 'export {}')
  await writeFile(join(folder.path, 'secret.txt'), 'secret')
  const answer = createAppFiles({ root, agentUrl: () => agentUrl })
  const get = (path: string, init?: RequestInit) => answer(new Request(`app://m3m${path}`, init))
  return { root, folder, answer, get, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

test('pages get the document, files get their type', async () => {
  await using app = await open()
  for (const path of ['/', '/projects/hello/pipeline', '/agents?x=1']) {
    const page = await app.get(path)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await page.text()).toBe('<title>m3m</title>')
  }
  const script = await app.get('/assets/main.js')
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(script.headers.get('x-content-type-options')).toBe('nosniff')
})

test('nothing outside the build is served', async () => {
  await using app = await open()
  await symlink(join(app.folder.path, 'secret.txt'), join(app.root, 'link.txt'))
  await mkdir(join(app.folder.path, 'web-secret'))
  await writeFile(join(app.folder.path, 'web-secret/a.txt'), 'secret')
  const paths = [
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets/%00.js',
    '/%E0%A4%A.js',
    '/link.txt',
    '/..%2fweb-secret/a.txt',
    '/.stamp',
    '/assets/missing.js',
    '/C:%5csecret.txt',
    '//etc/passwd.txt',
  ]
  for (const path of paths) {
    const response = await app.get(path)
    expect([path, response.status, await response.text()]).toEqual([path, 404, ''])
  }
})

test('only reading, and only under our own name', async () => {
  await using app = await open()
  expect((await app.get('/', { method: 'POST', body: 'x' })).status).toBe(405)
  expect((await app.answer(new Request('app://other/'))).status).toBe(404)
  const head = await app.get('/', { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('the policy lets a page reach its own agent and run the own code only', async () => {
  await using app = await open()
  const policy = (await app.get('/')).headers.get('content-security-policy')!
  expect(policy).toContain("connect-src 'self' https://agent.example.com:3000 wss://agent.example.com:3000;")
  expect(policy).toContain("script-src 'self';")
  expect(policy).not.toContain('unsafe-eval')
  expect(policy).toContain("default-src 'none'")
  await using home = await open(null)
  expect((await home.get('/')).headers.get('content-security-policy')).toContain("connect-src 'self';")
})

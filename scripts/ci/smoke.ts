// The README's first two commands as a stranger types them: `npm start` in an empty home, then `npx m3m-agent new-admin`.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { root } from '../build/targets.ts'

const home = mkdtempSync(join(tmpdir(), 'm3m-smoke-'))
const port = await freePort()
const env = { ...process.env, M3M_HOME: home, M3M_SERVER_PORT: String(port), M3M_SERVER_SERVICES_PORT: 'off' }
const agent = spawn('npm', ['start'], {
  cwd: root,
  env,
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  await line(agent.stdout, /http:\/\/127\.0\.0\.1:\d+/)
  const created = spawnSync('npx', ['m3m-agent', 'new-admin', 'me@example.com', 'a long enough password'], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  expect(created.status === 0, `new-admin failed: ${created.stdout}${created.stderr}`)
  const signIn = await fetch(`http://127.0.0.1:${port}/trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'me@example.com', password: 'a long enough password' }),
  })
  expect(signIn.status === 200, `sign-in answered ${signIn.status}: ${await signIn.text()}`)
  const page = await fetch(`http://127.0.0.1:${port}/`)
  expect(page.status === 200 && (await page.text()).includes('<div id="root"'), 'the panel is not served')
  console.log('smoke: start, new-admin, sign-in and panel answer')
} finally {
  process.kill(-agent.pid!, 'SIGTERM')
  await once(agent, 'exit')
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

function expect(holds: boolean, message: string): void {
  if (!holds) throw new Error(message)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

function line(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
      process.stdout.write(chunk)
      if (pattern.test(text)) resolve()
    })
    stream.once('close', () => reject(new Error(`npm start ended before it listened:\n${text}`)))
  })
}

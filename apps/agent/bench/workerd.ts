// The peer: Cloudflare's workerd answering the same JSON from one worker. It is no dependency (its package does not
// install from a lock everywhere): `npm i @cloudflare/workerd-linux-64` in any folder, and that folder, or the binary
// itself, in M3M_BENCH_WORKERD.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, type Load } from './load.ts'

const WORKER = `export default { fetch: () => Response.json({ hello: 'world' }) }`

const PACKAGE = '@cloudflare/workerd-linux-64'

/** Loads workerd's worker; null when there is none. */
export async function loadWorkerd(): Promise<Load | null> {
  const binary = findWorkerd()
  if (!binary) return null
  const folder = mkdtempSync(join(tmpdir(), 'm3m-workerd-'))
  const port = await freePort()
  writeFileSync(join(folder, 'worker.js'), WORKER)
  writeFileSync(join(folder, 'config.capnp'), configOf(port))
  const child = spawn(binary, ['serve', join(folder, 'config.capnp')], { stdio: 'ignore' })
  try {
    await answers(`http://127.0.0.1:${port}/`)
    load(`http://127.0.0.1:${port}/`)
    return load(`http://127.0.0.1:${port}/`)
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What M3M_BENCH_WORKERD names, or the package where it happens to be installed; null for neither. */
function findWorkerd(): string | null {
  const named = process.env['M3M_BENCH_WORKERD']
  if (named && statSync(named).isFile()) return named
  const folders = [...(named ? [named] : []), import.meta.dirname]
  const found = folders.map((folder) => {
    try {
      return createRequire(join(folder, 'from.js')).resolve(`${PACKAGE}/bin/workerd`)
    } catch {
      return null
    }
  })
  return found.find((path) => path !== null) ?? null
}

function configOf(port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (modules = [(name = "worker", esModule = embed "worker.js")], compatibilityDate = "2026-01-01");
`
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('workerd does not answer')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

// npm run bench -- runtime: a JSON route through front and runner beside bare node:http, and what a service costs.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SECONDS = Number(process.env['M3M_BENCH_SECONDS'] ?? 4)
const ROUNDS = Number(process.env['M3M_BENCH_ROUNDS'] ?? 3)

interface Started {
  port: number
  readyMs: number
  folder: string
  child: ChildProcess
}

async function start(file: string, ...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, ['--no-node-snapshot', join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const failed = once(child, 'exit').then(() =>
    Promise.reject(new Error(`${file} ended before it was ready`)),
  )
  failed.catch(() => {})
  const [line] = (await Promise.race([once(child.stdout, 'data'), failed])) as [Buffer]
  return { ...(JSON.parse(line.toString()) as Omit<Started, 'child'>), child }
}

/** Requests a second and 99th percentile in ms of `wrk -t1 -c50`; `script` spreads requests. */
function load(url: string): { perSecond: number; p99Ms: number } {
  const result = spawnSync('wrk', ['-t1', '-c50', `-d${SECONDS}s`, '--latency', url], { encoding: 'utf8' })
  if (result.error) throw new Error('wrk is missing; install it (Debian: apt-get install wrk)')
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(result.stdout)
  const unit = { us: 0.001, ms: 1, s: 1000 }[p99?.[2] ?? 'ms']!
  const errors = /Non-2xx or 3xx responses: (\d+)/.exec(result.stdout)
  if (errors) throw new Error(`${errors[1]} answers of ${url} were errors`)
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(result.stdout)![1]),
    p99Ms: Number(p99?.[1]) * unit,
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function pssMb(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]) / 1024
}

function runnerPids(folder: string): number[] {
  return readdirSync(join(folder, 'processes')).map((name) => Number(/\d+/.exec(name)![0]))
}

const bare = await start('bare-server.ts')
const agent = await start('agent-server.ts')
const routes = { 'JSON route': '/r/s0/health/7', 'awaited host call': '/r/s0/call/7' }
const base: number[] = []
const seen: Record<string, { perSecond: number; p99Ms: number }[]> = {}
for (let round = 0; round < ROUNDS; round++) {
  base.push(load(`http://127.0.0.1:${bare.port}/health/7`).perSecond)
  for (const [name, path] of Object.entries(routes))
    (seen[name] ??= []).push(load(`http://127.0.0.1:${agent.port}${path}`))
}
console.log(`bare node:http        ${Math.round(median(base))} req/s`)
for (const [name, all] of Object.entries(seen)) {
  const perSecond = median(all.map((one) => one.perSecond))
  const p99 = median(all.map((one) => one.p99Ms))
  console.log(
    `${name.padEnd(21)} ${Math.round(perSecond)} req/s, ${(perSecond / median([...base])).toFixed(2)}× of node:http, p99 ${p99.toFixed(1)} ms`,
  )
}
for (const pid of runnerPids(agent.folder))
  console.log(`runner with one service: ${pssMb(pid).toFixed(1)} MB PSS`)
agent.child.kill('SIGKILL')
bare.child.kill('SIGKILL')

const starts: number[] = []
for (let i = 0; i < 5; i++) {
  const one = await start('agent-server.ts')
  const began = performance.now()
  await (await fetch(`http://127.0.0.1:${one.port}/r/s0/health/1`)).text()
  starts.push(one.readyMs + performance.now() - began)
  one.child.kill('SIGKILL')
}
console.log(`start to first answer: ${median(starts).toFixed(0)} ms`)

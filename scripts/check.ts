// npm run check: format, lint, types, import rules, dead code, generated files, lock. Two steps at a time.
import { spawn } from 'node:child_process'
import { root } from './build/targets.ts'
import { steps, type CheckStep } from './check/steps.ts'

const only = process.argv.slice(2)
const queue = steps.filter((step) => only.length === 0 || only.some((name) => step.name.includes(name)))
let failed = 0

async function worker(): Promise<void> {
  for (let step = queue.shift(); step; step = queue.shift()) if (!(await passes(step))) failed++
}

async function passes(step: CheckStep): Promise<boolean> {
  const startedMs = performance.now()
  const { code, output } = await run(step)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${step.name} (${seconds} s)`)
  if (code !== 0) console.log(`${output.trimEnd()}\n     cure: ${step.cure}`)
  return code === 0
}

function run(step: CheckStep): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...step.argv], { cwd: step.cwd ?? root })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

await Promise.all([worker(), worker()])
process.exitCode = failed > 0 ? 1 : 0

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const module = fileURLToPath(new URL('stop-signals.ts', import.meta.url))
const SCRIPT = `
  const { onStopSignals } = await import(${JSON.stringify(module)})
  onStopSignals({ stop: (signal) => console.log('stop ' + signal), hurry: () => process.exit(130) })
  setInterval(() => {}, 1000)
  console.log('ready')
`

it('takes signals that come together as one wish, and a later one as haste', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const heard = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => output.includes(text) && resolve()
      child.stdout.on('data', look)
      look()
    })
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  await heard('ready')
  child.kill('SIGINT')
  await heard('stop SIGINT')
  child.kill('SIGTERM')
  const exit = once(child, 'exit')
  const hurry = setInterval(() => child.kill('SIGINT'), 900)
  expect(await exit).toEqual([130, null])
  clearInterval(hurry)
  expect(output.match(/stop/g)).toHaveLength(1)
})

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHROMIUM_ARGS, findChromium } from '../fixtures/chromium.ts'
import { DevTools } from './devtools.ts'

let starting: Promise<DevTools> | null = null

/** The one Chromium that shows all windows; started at first use, ended with the process. */
export function browser(): Promise<DevTools> {
  starting ??= start()
  return starting
}

async function start(): Promise<DevTools> {
  const profile = mkdtempSync(join(tmpdir(), 'm3m-standin-'))
  const args = [
    ...CHROMIUM_ARGS,
    '--headless=new',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    'about:blank',
  ]
  const chromium = spawn(findChromium(), args, { stdio: ['ignore', 'ignore', 'pipe'] })
  process.once('exit', () => {
    chromium.kill('SIGKILL')
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    chromium.stderr.on('data', (chunk) => {
      said += chunk
      const listening = /DevTools listening on (ws:\S+)/.exec(said)
      if (listening) resolve(listening[1]!)
    })
    chromium.once('exit', (code) => reject(new Error(`chromium ended with ${code}: ${said.slice(-400)}`)))
  })
  process.send?.({ type: 'browser', endpoint: `http://${new URL(url).host}` })
  return DevTools.connect(url)
}

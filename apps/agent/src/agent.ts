// The agent itself, from its sources or in one piece (main.ts chooses).
import { text } from 'node:stream/consumers'
import { runCli } from './cli/run-cli.ts'

const code = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
})
// What a command left open (a socket whose peer sleeps) must not keep the process.
process.exit(code)

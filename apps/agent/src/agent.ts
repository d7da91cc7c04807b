// The agent itself, from its sources or in one piece (main.ts chooses).
import { text } from 'node:stream/consumers'
import { runCli } from './cli/run-cli.ts'

// Whoever started it may have ended, and with it the pipe that these lead to. Unheard, the error of a write would be logged,
// which writes: a circle in which no signal is heard any more. The log's file has every line.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const code = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
})
// What a command left open (a socket whose peer sleeps) must not keep the process.
process.exit(code)

// npm run dev: the agent, restarted when its sources change, and Vite with hot reload in front of it.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { build } from './build.ts'
import { root } from './build/targets.ts'

build(['prelude', 'icons', 'web'])
const panel = 'http://127.0.0.1:5173'
const children: ChildProcess[] = [
  start(['--watch', join(root, 'apps/agent/src/agent.ts'), 'serve'], root, {
    M3M_SERVER_PANEL_ORIGINS: panel,
  }),
  start(
    [join(root, 'node_modules/vite/bin/vite.js'), '--config', 'vite.web.config.ts', '--host', '127.0.0.1'],
    join(root, 'apps/desktop'),
    {},
  ),
]
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => children.forEach((child) => child.kill(signal)))

function start(argv: string[], cwd: string, env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, argv, { cwd, stdio: 'inherit', env: { ...process.env, ...env } })
  child.once('exit', (code) => {
    process.exitCode ??= code ?? 1
    for (const other of children) if (other !== child) other.kill('SIGTERM')
  })
  return child
}

// A partial registry can make `npm install` write a lock that `npm ci` refuses, and a lock must name no host.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../build/targets.ts'

const named = /"resolved":\s*"https?:/.exec(readFileSync(join(root, 'package-lock.json'), 'utf8'))
if (named) console.error('package-lock.json names a registry host; .npmrc asks npm to leave it out')
const dry = spawnSync('npm', ['ci', '--dry-run'], { cwd: root, encoding: 'utf8' })
if (dry.status !== 0) console.error(dry.stderr)
process.exitCode = named || dry.status !== 0 ? 1 : 0

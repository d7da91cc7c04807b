import { registerHooks } from 'node:module'

// node --import …/register.ts out/main/index.js: `electron` is the stand-in for this process.
const url = new URL('./electron.ts', import.meta.url).href
const names = new Set(['electron', 'electron/main', 'electron/common'])

registerHooks({
  resolve(specifier, context, next) {
    return names.has(specifier) ? { url, shortCircuit: true } : next(specifier, context)
  },
})

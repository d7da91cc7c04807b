import { CLONE_SOURCE } from './clone.ts'

/** Name of the isolated world in which the preload runs (Electron's is world 999). */
export const PRELOAD_WORLD = 'electron-preload'
/** Name of the binding by which that world, and only it, speaks to main. */
export const BINDING = 'standinToMain'

// The two worlds share the document and nothing else, so they speak by events on it whose name only they know.
// dispatchEvent is synchronous, hence functions that return at once can cross as in Electron's contextBridge.

/**
 * Runs in the page's own world before any script of the page: builds what the preload exposes, as frozen
 * functions that carry clones across.
 */
export function mainWorldSource(secret: string): string {
  return `(() => {
if (globalThis.top !== globalThis) return
${CLONE_SOURCE}
const document = globalThis.document, say = (kind, data) => document.dispatchEvent(new CustomEvent('${secret}' + kind, { detail: JSON.stringify(data) }))
const callbacks = new Map(), promises = new Map()
let last = 0, answer
const hear = (kind, fn) => document.addEventListener('${secret}' + kind, (event) => { event.stopImmediatePropagation(); fn(JSON.parse(event.detail)) }, true)
const keep = (fn) => { callbacks.set(++last, fn); return last }
const far = (ref) => (...args) => {
  answer = undefined
  say('call', { ref, args: encode(args, keep) })
  const got = answer
  if (!got) throw new Error('the preload did not answer')
  if (got.error !== undefined) throw new Error(got.error)
  if (got.promise === undefined) return decode(got.value, far)
  return new Promise((resolve, reject) => promises.set(got.promise, { resolve, reject }))
}
const freeze = (v) => { if (v && typeof v === 'object') { Object.values(v).forEach(freeze); Object.freeze(v) } return v }
hear('answer', (got) => { answer = got })
hear('settled', ({ promise, error, value }) => { const waiting = promises.get(promise); promises.delete(promise); error !== undefined ? waiting.reject(new Error(error)) : waiting.resolve(decode(value, far)) })
hear('callback', ({ ref, args }) => callbacks.get(ref)?.(...decode(args)))
// Electron asks main before a window exists. Here one would exist at once and, being watched by the test, stop
// the page that opened it; so the usual two ways to open one ask instead.
const ask = (url) => { say('open', new URL(url, location.href).href); return null }
globalThis.open = (url = 'about:blank') => ask(url)
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element && event.target.closest('a[href][target=_blank]')
  if (link && !event.defaultPrevented) { event.preventDefault(); ask(link.href) }
})
hear('expose', ({ name, value }) => Object.defineProperty(globalThis, name, { value: freeze(decode(value, far)), enumerable: true }))
})()`
}

/** Runs the app's preload in the isolated world with what a sandboxed preload gets of Electron. */
export function preloadWorldSource(secret: string, preload: { path: string; source: string }): string {
  return `(() => {
if (globalThis.top !== globalThis) return
${CLONE_SOURCE}
const toMain = globalThis.${BINDING}
const document = globalThis.document, say = (kind, data) => document.dispatchEvent(new CustomEvent('${secret}' + kind, { detail: JSON.stringify(data) }))
const functions = new Map(), waiting = new Map(), listeners = new Map()
let last = 0
const keep = (fn) => { functions.set(++last, fn); return last }
const near = (ref) => (...args) => say('callback', { ref, args: encode(args) })
document.addEventListener('${secret}call', (event) => {
  event.stopImmediatePropagation()
  const { ref, args } = JSON.parse(event.detail)
  try {
    const result = functions.get(ref)(...decode(args, near))
    if (!(result instanceof Promise)) return say('answer', { value: encode(result, keep) })
    const promise = ++last
    say('answer', { promise })
    result.then((value) => say('settled', { promise, value: encode(value, keep) }), (error) => say('settled', { promise, error: String(error?.message ?? error) }))
  } catch (error) { say('answer', { error: String(error?.message ?? error) }) }
}, true)
document.addEventListener('${secret}open', (event) => {
  event.stopImmediatePropagation()
  toMain(JSON.stringify({ open: JSON.parse(event.detail) }))
}, true)
globalThis.standinFromMain = (message) => {
  if (message.kind === 'event') for (const fn of [...(listeners.get(message.channel) ?? [])]) fn({}, ...decode(message.args))
  else { const { resolve, reject } = waiting.get(message.id); waiting.delete(message.id); message.error !== undefined ? reject(new Error(message.error)) : resolve(decode(message.value)) }
}
const refuse = (name, object) => new Proxy(object, { get(o, key) { if (key in o || typeof key === 'symbol') return o[key]; throw new Error('electron stand-in: ' + name + '.' + key + ' is not implemented') } })
const ipcRenderer = refuse('ipcRenderer', {
  invoke: (channel, ...args) => new Promise((resolve, reject) => { const id = ++last; waiting.set(id, { resolve, reject }); toMain(JSON.stringify({ id, channel, args: encode(args) })) }),
  on(channel, fn) { listeners.set(channel, (listeners.get(channel) ?? new Set()).add(fn)); return ipcRenderer },
  off(channel, fn) { listeners.get(channel)?.delete(fn); return ipcRenderer },
})
const contextBridge = refuse('contextBridge', { exposeInMainWorld(name, value) { say('expose', { name, value: encode(value, keep) }) } })
const require = (name) => { if (name !== 'electron') throw new Error('a sandboxed preload cannot require ' + name); return refuse('electron (preload)', { contextBridge, ipcRenderer }) }
const process = refuse('process (preload)', { platform: ${JSON.stringify(process.platform)}, sandboxed: true, contextIsolated: true, type: 'renderer' })
;(function (require, process, module, exports, __filename) {${preload.source}
})(require, process, { exports: {} }, {}, ${JSON.stringify(preload.path)})
})()`
}

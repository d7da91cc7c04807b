// Names that code written for elsewhere expects, with what stands in their place here.

/** Modules of Node and packages many people reach for. */
const MODULES: Readonly<Record<string, string>> = {
  fs: 'storage',
  'fs/promises': 'storage',
  crypto: 'the global crypto',
  http: 'http, fetch, or router',
  https: 'http or fetch',
  axios: 'http or fetch',
  'node-fetch': 'fetch',
  undici: 'fetch',
  got: 'http or fetch',
  url: 'URL',
  querystring: 'URLSearchParams',
  events: 'EventTarget or the module events',
  buffer: 'Uint8Array (toBase64, toHex, fromBase64) or encoding',
  stream: 'ReadableStream and its kin',
  timers: 'setTimeout, or utils.sleep',
  'timers/promises': 'utils.sleep',
  zlib: 'CompressionStream',
  process: 'env and service.info',
  util: 'the language itself',
  path: 'texts: paths of storage are joined by "/"',
  mongodb: 'database',
  mongoose: 'database',
  express: 'router',
  fastify: 'router',
  koa: 'router',
  nodemailer: 'smtp',
  dotenv: 'env',
  cron: 'schedule',
  'node-cron': 'schedule',
  ws: 'WebSocket, or router.websocket',
  sharp: 'image',
  canvas: 'draw',
  jsonwebtoken: 'crypto.jwt',
  bcrypt: 'crypto.hashPassword',
  bcryptjs: 'crypto.hashPassword',
}

/** What to do instead of a module that is no file of the branch; '' for what looks like a file. */
export function insteadOfModule(name: string): string {
  if (name.startsWith('.') || name.startsWith('/')) return ''
  const bare = name.replace(/^node:/, '')
  const known = MODULES[bare]
  if (known !== undefined) return ` In its place there is ${known}.`
  if (name.startsWith('node:')) return ' Services have no modules of Node.'
  return ' Packages are not installed here: put a bundle of it (ES, UMD or CommonJS) into a file of the branch.'
}

const GLOBALS: Readonly<Record<string, string>> = {
  process: 'variables are in env, the run is in service.info',
  Buffer: 'bytes are Uint8Array (toBase64, toHex, fromBase64); texts are encoded by TextEncoder',
  window: 'a service has no page; the global object is globalThis',
  document: 'a service has no page',
  localStorage: 'use cache or storage',
  sessionStorage: 'use cache',
  XMLHttpRequest: 'use fetch or http',
  alert: 'use ui.alert, or logger',
  global: 'the global object is globalThis',
  __dirname: 'files of the project are in storage',
  __filename: 'files of the project are in storage',
  WebAssembly: 'the memory limit cannot count it',
  SharedArrayBuffer: 'a service has one thread',
  Atomics: 'a service has one thread',
  Worker: 'a service has one thread; use delayed or queue for what takes long',
  BroadcastChannel: 'a service has one thread; use events, or queue',
  module: 'a main file exports nothing; other files of the branch may use module.exports or export',
  exports: 'a main file exports nothing; other files of the branch may use exports or export',
  indexedDB: 'use database or storage',
  DOMParser: 'a service has no page; use encoding.xmlParse',
  // Of services for workers (Cloudflare).
  HTMLRewriter:
    'there is no such rewriter here; change the text, or put a bundle of a parser into a file of the branch',
  WebSocketPair: 'sockets are answered by router.websocket',
  caches: 'use cache, or the header cache-control',
  FixedLengthStream: 'use TransformStream, and the header content-length',
  IdentityTransformStream: 'use TransformStream',
  scheduler: 'use utils.sleep',
  // Of PocketBase's hooks.
  routerAdd: 'use router.get and its kin',
  routerUse: 'use router.use',
  cronAdd: 'use schedule.cron',
  cronRemove: 'use schedule.cancel',
  $app: 'records are in database',
  $os: 'variables are in env, files in storage',
  $apis: 'use router',
  $security: 'use crypto',
  $mails: 'use smtp',
  onRecordAfterCreateSuccess: "use events.onRecord(model, 'insert', fn)",
  onRecordAfterUpdateSuccess: "use events.onRecord(model, 'update', fn)",
  onRecordAfterDeleteSuccess: "use events.onRecord(model, 'delete', fn)",
  onBootstrap: 'use service.boot',
  // Of other runtimes.
  RED: 'modules are global here: router, schedule, cache and others',
  Deno: 'use storage, env, fetch and router',
  Bun: 'use storage, env, fetch and router',
}

/** The message of an error of the language, with what to do instead where that is known. */
export function withCure(name: string, message: string): string {
  if (name === 'ReferenceError') {
    const missing = /^([\w$]+) is not defined$/.exec(message)?.[1]
    if (missing !== undefined && Object.hasOwn(GLOBALS, missing)) return `${message}: ${GLOBALS[missing]}.`
  }
  if (name === 'Error' && message === 'Not supported')
    return 'import() works in the files of the branch, not in code made of text: call $require("lib/name"), or import() in a file.'
  return message
}

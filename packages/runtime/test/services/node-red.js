// In the manner of function nodes of Node-RED: state of a node and of a flow, timers that stop with it, sends that come later,
// errors for a catch node, a status. What there is `msg`, `context`, `node` and `flow` is made of modules here.
const context = {
  get: (key) => cache.get(`node:${key}`) ?? undefined,
  set: (key, value) => cache.set(`node:${key}`, value),
}
const flow = {
  get: (key) => cache.get(`flow:${key}`) ?? undefined,
  set: (key, value) => cache.set(`flow:${key}`, value, { persist: true }),
}
const status = { fill: 'grey', text: '' }
const sent = []
const nodes = new Map()
/** Wires: what a function returns goes on, an array by its outputs, null nowhere; what it throws goes to the catch node. */
function defineNode(name, fn, { to = [[]], onStop } = {}) {
  nodes.set(name, { fn, to, onStop })
}
async function receive(name, msg) {
  const { fn, to } = nodes.get(name)
  const send = (out) =>
    [out].flat().forEach((each, port) => {
      if (each)
        for (const next of to[port] ?? [])
          next === 'out' ? sent.push(each) : void receive(next, structuredClone(each))
    })
  const node = {
    send,
    error: (text, about) => receive('catch', { ...about, error: { message: text, source: name } }),
    warn: (text) => logger.warn(`[${name}] ${text}`),
    status: (now) => Object.assign(status, now),
    done() {},
  }
  try {
    const out = await fn(msg, node)
    if (out !== undefined) send(out)
  } catch (error) {
    await node.error(error.message, msg)
  }
}

defineNode(
  'count',
  (msg) => {
    const count = (context.get('count') ?? 0) + 1
    context.set('count', count)
    msg.count = count
    return msg
  },
  { to: [['out']] },
)
defineNode('split', (msg) => [msg.payload > 5 ? msg : null, msg.payload > 5 ? null : msg], {
  to: [['high'], ['low']],
})
defineNode('high', (msg) => ({ ...msg, topic: 'high' }), { to: [['out']] })
defineNode('low', (msg) => ({ ...msg, topic: 'low' }), { to: [['out']] })
defineNode(
  'later',
  (msg, node) => {
    setTimeout(() => {
      node.send({ ...msg, late: true })
      node.done()
    }, 5)
  },
  { to: [['out']] },
)
defineNode('fails', () => {
  throw new Error('node failed')
})
defineNode('fails later', async () => {
  await null
  throw new Error('node failed later')
})
defineNode('catch', (msg) => ({ caught: msg.error }), { to: [['out']] })
defineNode(
  'bytes',
  (msg) => {
    const bytes =
      typeof msg.payload === 'string'
        ? Uint8Array.fromBase64(msg.payload)
        : new TextEncoder().encode(JSON.stringify(msg.payload))
    const view = new DataView(bytes.buffer)
    return {
      hex: bytes.toHex(),
      first: view.getUint16(0),
      text: new TextDecoder().decode(bytes),
      back: bytes.toBase64(),
    }
  },
  { to: [['out']] },
)
defineNode('status', (msg, node) => {
  node.status({ fill: 'green', text: `connected ${msg.payload}` })
  node.warn('status changed')
})
let ticks = 0
const ticking = setInterval(() => {
  flow.set('ticks', ++ticks)
}, 5)
const never = setTimeout(() => logger.error('a timer that was cleared ran'), 30)
clearTimeout(never)
clearTimeout(undefined)
clearInterval('nothing')
const order = []
setImmediate(() => order.push('immediate'))
queueMicrotask(() => order.push('microtask'))
Promise.resolve().then(() => order.push('promise'))
setTimeout((a, b) => order.push(a + b), 1, 'time', 'out')

router.post('/inject/:node', async (ctx) => {
  await receive(ctx.params.node, ctx.body)
  return { status, flow: typeof flow.get('ticks') }
})
router.get('/sent', () => sent.splice(0))
router.get('/order', () => order)
router.get('/ticks', () => ticks)
service.shutdown(() => {
  clearInterval(ticking)
  const before = ticks
  logger.info(`stopped after ${before > 0 ? 'some' : 'no'} ticks`)
  setInterval(() => logger.error('a timer of shutdown ran'), 1)
})

// Plugins in the isolate: rooms from elsewhere, installed after ours and before the author's code.
import { pluginTexts, type SandboxPlugin } from '../plugins/plugin.contract.ts'
import type { Kernel } from './kernel.port.ts'
import type { Lane, SandboxRoom } from './lane.ts'

/** Whatever V8 shows of a plugin's code begins with this: frames of `m3m:` are not the author's. */
const FILE = 'm3m:plugin/'

// oxlint-disable-next-line no-eval -- the way a plugin's own script gets in, before any code of the author
const evaluate = globalThis.eval
const { hasOwn } = Object
const ProxyOf = Proxy

/** Makes a room for each plugin and hands it to `install`. A plugin that fails is a stand-in that says why. */
export function installPlugins(
  plugins: readonly SandboxPlugin[],
  kernel: Kernel,
  install: (global: string, room: SandboxRoom) => void,
): void {
  for (const plugin of plugins) {
    const { name, global, problem } = plugin
    // The agent refuses such names; what is there already stays in any case.
    if (hasOwn(globalThis, global) || hasOwn(globalThis, `$${global}`)) {
      kernel.log('error', `[plugin ${name}] The global "${global}" exists already.`)
      continue
    }
    if (problem !== null) {
      install(global, () => standIn(plugin, problem, kernel))
      continue
    }
    try {
      const room = roomOf(plugin)
      install(global, (lane) => room(scopedLane(lane, plugin), scopedKernel(kernel, plugin)))
    } catch (error) {
      const reason = kernel.describe(error)
      kernel.log('error', `[plugin ${name}] ${reason}`)
      install(global, () => standIn(plugin, reason, kernel))
    }
  }
}

function roomOf({ name, global, code, members }: SandboxPlugin): SandboxRoom {
  if (code === null) return (lane) => everyCall(lane, global, members)
  const room: unknown = evaluate(`${code}\n//# sourceURL=${FILE}${name}`)
  if (typeof room !== 'function') throw new TypeError('its sandbox half exports no room')
  return room as SandboxRoom
}

/** Without a sandbox half of its own: each call of the host half is a member. */
function everyCall(lane: Lane, global: string, members: readonly string[]): object {
  const room: Record<string, unknown> = {}
  for (const member of members) room[member] = (...args: unknown[]) => lane.call(`${global}.${member}`, args)
  return room
}

/** Any member of it throws: a service that needs the plugin only now and then goes on without it. */
function standIn({ name }: SandboxPlugin, reason: string, kernel: Kernel): object {
  const text = pluginTexts.PLUGIN_UNAVAILABLE({ plugin: name, reason })
  return new ProxyOf(
    {},
    {
      get(_target, member) {
        // Looked for by whatever shows or awaits a value.
        if (typeof member === 'symbol' || member === 'then' || member === 'toJSON') return undefined
        throw kernel.error('PLUGIN_UNAVAILABLE', text)
      },
    },
  )
}

function scopedLane(lane: Lane, { name, global }: SandboxPlugin): Lane {
  const call: Lane['call'] = (call, args) => lane.call(own(name, global, call), args)
  return { kind: lane.kind, call, map: lane.map, recover: lane.recover }
}

function scopedKernel(kernel: Kernel, { name, global }: SandboxPlugin): Kernel {
  return {
    ...kernel,
    bootData: () => kernel.bootData(global),
    on: (event, handler) => kernel.on(own(name, global, event), handler),
    tell: (call, args) => kernel.tell(own(name, global, call), args),
  }
}

/** A plugin speaks to its own host half. */
function own(plugin: string, global: string, name: string): string {
  if (name.startsWith(`${global}.`)) return name
  throw new TypeError(`The plugin ${plugin} may only name "${global}.…", not "${name}".`)
}

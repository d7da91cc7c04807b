// The host halves of all rooms for one run.
import { messageOf } from '@m3m/base'
import { rooms as allRooms } from '../modules/rooms.ts'
import type {
  ArmOptions,
  HostCall,
  HostContext,
  HostModule,
  Invalidation,
  ModuleDefinition,
} from './define-module.ts'

export interface OpenModules extends AsyncDisposable {
  /** Keyed `<module>.<member>`. */
  readonly calls: ReadonlyMap<string, HostCall>
  /** What the panel may do, keyed `<module>.<control>`. */
  readonly controls: ReadonlyMap<string, (args: readonly unknown[]) => unknown>
  /** By module, for the prelude. */
  bootData(): Promise<Record<string, unknown>>
  arm(options: ArmOptions): Promise<void>
  disarm(): Promise<void>
  invalidate(what: Invalidation): Promise<void>
}

/** Opens every room that has a host half. Whoever calls owns the end. */
export function openModules(
  context: HostContext,
  rooms: readonly ModuleDefinition[] = allRooms,
): OpenModules {
  const modules = rooms.flatMap((room): [string, HostModule][] =>
    room.host ? [[room.name, room.host(context)]] : [],
  )
  const calls = new Map<string, HostCall>()
  for (const [name, module] of modules)
    for (const [member, call] of Object.entries(module.calls)) calls.set(`${name}.${member}`, call)

  const controls = new Map<string, (args: readonly unknown[]) => unknown>()
  for (const [name, module] of modules)
    for (const [control, run] of Object.entries(module.controls ?? {}))
      controls.set(`${name}.${control}`, run)

  // One module's failure must not leave the others armed, or open.
  const each = async (what: string, run: (module: HostModule) => unknown): Promise<void> => {
    for (const [name, module] of modules.toReversed()) {
      try {
        await run(module)
      } catch (error) {
        context.logger.error(`a module failed to ${what}`, { module: name, error: messageOf(error) })
      }
    }
  }
  return {
    calls,
    controls,
    async bootData() {
      const data: Record<string, unknown> = {}
      for (const [name, module] of modules) if (module.bootData) data[name] = await module.bootData()
      return data
    },
    async arm(options) {
      for (const [, module] of modules) await module.arm?.(options)
    },
    disarm: () => each('disarm', (module) => module.disarm?.()),
    invalidate: (what) => each('take a change', (module) => module.invalidate?.(what)),
    [Symbol.asyncDispose]: () => each('end', (module) => module[Symbol.asyncDispose]?.()),
  }
}

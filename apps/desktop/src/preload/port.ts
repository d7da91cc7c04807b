import type { PortMethod } from '../shared/desktop-port.schema.ts'
import type { DesktopPort, PortAnswer, PortCall, PortEvents } from '../shared/desktop-port.ts'

interface Wires {
  platform: DesktopPort['platform']
  invoke: (call: PortCall) => Promise<unknown>
  /** Called once. */
  listen: (listener: (name: unknown, value: unknown) => void) => void
}

/** Builds `window.m3m`: one function for each named method, and no way to reach another channel. */
export function createPort({ platform, invoke, listen }: Wires): DesktopPort {
  const listeners = new Map<string, Set<(value: never) => void>>()
  listen((name, value) => {
    for (const listener of listeners.get(String(name)) ?? []) listener(value as never)
  })

  const call =
    <T>(method: PortMethod) =>
    (input?: unknown) =>
      invoke({ method, input }) as PortAnswer<T>

  return {
    version: 1,
    platform,
    context: () => call<never>('context')(),
    agents: {
      list: () => call<never>('agents.list')(),
      probe: call('agents.probe'),
      discover: () => call<never>('agents.discover')(),
      add: call('agents.add'),
      update: call('agents.update'),
      arrange: call('agents.arrange'),
      trust: call('agents.trust'),
      signOut: call('agents.signOut'),
      remove: call('agents.remove'),
      select: call('agents.select'),
    },
    windows: { open: call('windows.open') },
    favourites: { set: call('favourites.set') },
    files: { dragOut: call('files.dragOut'), save: call('files.save') },
    local: {
      state: () => call<never>('local.state')(),
      create: call('local.create'),
      start: () => call<never>('local.start')(),
      stop: () => call<never>('local.stop')(),
      log: () => call<never>('local.log')(),
      upgrade: () => call<never>('local.upgrade')(),
      setStartWithApp: call('local.setStartWithApp'),
    },
    app: {
      state: () => call<never>('app.state')(),
      setOpenAtLogin: call('app.setOpenAtLogin'),
      setUpdateChannel: call('app.setUpdateChannel'),
      checkForUpdate: () => call<never>('app.checkForUpdate')(),
      installUpdate: () => call<null>('app.installUpdate')(),
    },
    session: {
      signIn: call('session.signIn'),
      accessToken: call('session.accessToken'),
      signOut: () => call<null>('session.signOut')(),
    },
    on(event: keyof PortEvents, listener: (value: never) => void) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set.add(listener))
      return () => void set.delete(listener)
    },
  }
}

import type { SandboxRoom } from '@m3m/runtime/plugin'

/** The half inside of the isolate: what needs no host is computed here, without waiting. */
export const room: SandboxRoom = (lane) => ({
  hello: (name: unknown) => lane.call<string>('example.hello', [name]),
  add: (a: unknown, b: unknown) => Number(a) + Number(b),
  // By characters as people count them, not by UTF-16 units: an emoji stays whole.
  reverse: (text: unknown) => [...String(text)].reverse().join(''),
})

/**
 * Takes away what an isolate cannot bound, before any code of the author: memory that `memoryLimit` does not count
 * (1.1 to 1.6 GB were had with a limit of 64 MB: architecture.md) and shared memory.
 */
export function harden(global: Record<string, unknown>): void {
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) delete global[name]
  const Native = ArrayBuffer
  const { construct, defineProperty, setPrototypeOf } = Reflect
  // Without `maxByteLength`: resizable buffers reserve address space nobody counts.
  const Plain = function ArrayBuffer(length?: unknown): unknown {
    if (!new.target) throw new TypeError("Constructor ArrayBuffer requires 'new'")
    return construct(Native, [length], new.target)
  }
  defineProperty(Plain, 'prototype', { value: Native.prototype, writable: false })
  setPrototypeOf(Plain, Native)
  defineProperty(Plain, 'length', { value: 1, configurable: true })
  defineProperty(Plain, Symbol.species, { get: () => Plain, configurable: true })
  defineProperty(Native.prototype, 'constructor', { value: Plain, writable: true, configurable: true })
  for (const name of ['resize', 'transfer', 'transferToFixedLength']) {
    delete (Native.prototype as unknown as Record<string, unknown>)[name]
  }
  defineProperty(global, 'ArrayBuffer', { value: Plain, writable: true, configurable: true })
}

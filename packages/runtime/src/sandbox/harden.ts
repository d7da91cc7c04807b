const { construct, defineProperty, apply } = Reflect
const transfer = ArrayBuffer.prototype.transfer
const slice = ArrayBuffer.prototype.slice
const Native = ArrayBuffer
const Bytes = Uint8Array

/** Moves a buffer's bytes into a new one; the old one is empty afterwards. @throws TypeError when it is detached */
export function moveBuffer(buffer: ArrayBuffer): ArrayBuffer {
  return apply(transfer, buffer, [])
}

/**
 * Takes away what an isolate cannot bound, before any code of the author: memory that `memoryLimit` does not count
 * (1.1 to 1.6 GB were had with a limit of 64 MB: architecture.md) and shared memory.
 */
export function harden(global: Record<string, unknown>): void {
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) delete global[name]
  // Without `maxByteLength`: resizable buffers reserve address space nobody counts.
  const Plain = function ArrayBuffer(length?: unknown): unknown {
    if (!new.target) throw new TypeError("Constructor ArrayBuffer requires 'new'")
    return construct(Native, [length], new.target)
  }
  defineProperty(Plain, 'prototype', { value: Native.prototype, writable: false })
  // Not inherited: whoever asks for the prototype of the constructor must not find the one that takes `maxByteLength`.
  defineProperty(Plain, 'isView', { value: Native.isView, writable: true, configurable: true })
  defineProperty(Plain, 'length', { value: 1, configurable: true })
  defineProperty(Plain, 'name', { value: 'ArrayBuffer', configurable: true })
  defineProperty(Plain, Symbol.species, { get: () => Plain, configurable: true })
  defineProperty(Native.prototype, 'constructor', { value: Plain, writable: true, configurable: true })
  delete (Native.prototype as unknown as Record<string, unknown>)['resize']
  defineProperty(global, 'ArrayBuffer', { value: Plain, writable: true, configurable: true })
  boundTransfers()
}

/** A transfer to another length goes by a counted allocation: V8's own may grow what it has in place. */
function boundTransfers(): void {
  for (const name of ['transfer', 'transferToFixedLength'] as const) {
    const value = {
      [name](this: ArrayBuffer, newLength?: unknown): ArrayBuffer {
        if (newLength === undefined) return moveBuffer(this)
        const length = Number(newLength)
        const copy = new Native(length)
        const kept = apply(slice, this, [0, copy.byteLength])
        new Bytes(copy).set(new Bytes(kept))
        moveBuffer(this)
        return copy
      },
    }[name]
    defineProperty(Native.prototype, name, { value, writable: true, configurable: true })
  }
}

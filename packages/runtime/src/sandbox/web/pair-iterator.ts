// Iterators over pairs: Web IDL, "default iterator objects". They see what is added and removed while they run.

import { create, defineProperty } from '../intrinsics.ts'

const iteratorPrototype = Reflect.getPrototypeOf(Reflect.getPrototypeOf([][Symbol.iterator]())!)!

const prototypes = new Map<string, object>()
const states = new WeakMap<object, () => IteratorResult<unknown>>()

function prototypeOf(name: string): object {
  const known = prototypes.get(name)
  if (known) return known
  const prototype = create(iteratorPrototype) as { next?: unknown }
  prototype.next = function next(this: object) {
    const step = states.get(this)
    if (!step) throw new TypeError(`next is called on what is no iterator of ${name}.`)
    return step()
  }
  defineProperty(prototype, Symbol.toStringTag, {
    __proto__: null,
    value: `${name} Iterator`,
    configurable: true,
  } as PropertyDescriptor)
  prototypes.set(name, prototype)
  return prototype
}

/** Iterates over `pairs()` as they are at each step. */
export function pairIterator<P, T>(
  name: string,
  pairs: () => readonly P[],
  project: (pair: P) => T,
): IterableIterator<T> {
  const iterator = create(prototypeOf(name)) as IterableIterator<T>
  let at = 0
  states.set(iterator, () => {
    const list = pairs()
    return at < list.length ? { value: project(list[at++]!), done: false } : { value: undefined, done: true }
  })
  return iterator
}

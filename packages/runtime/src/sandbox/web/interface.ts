// What Web IDL asks of every class of the web: members are listed, and `Object.prototype.toString` names the class.
// In the core: late units are finished by it whatever the author has done to `Object` by then.
import { defineProperty } from '../intrinsics.ts'

const { ownKeys, getOwnPropertyDescriptor } = Reflect
const { trunc } = Math
const toNumber = Number
const toText = String
const TypeErrorOf = TypeError
const { toStringTag } = Symbol
const MOST = Number.MAX_SAFE_INTEGER

type Class = (abstract new (...args: never[]) => object) & { prototype: object }

/** Defines without what a descriptor might inherit. */
function set(target: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  defineProperty(target, key, { __proto__: null, ...descriptor } as PropertyDescriptor)
}

/** A member as JavaScript's own are: not listed, may be replaced. */
export function hiddenMember(target: object, key: PropertyKey, value: unknown): void {
  set(target, key, { value, writable: true, configurable: true })
}

/** A listed accessor. */
export function accessor(
  target: object,
  key: PropertyKey,
  get: (this: never) => unknown,
  setter: (this: never, value: never) => void,
): void {
  set(target, key, { get, set: setter as (value: unknown) => void, enumerable: true, configurable: true })
}

/**
 * Finishes a class as Web IDL, "Interface prototype object" has it. `constants` stand on the class and its prototype,
 * read-only.
 */
export function webInterface(of: Class, name: string, constants: Record<string, number> = {}): void {
  list(of.prototype)
  list(of)
  for (const constant of ownKeys(constants) as string[])
    for (const target of [of, of.prototype])
      set(target, constant, { value: constants[constant], enumerable: true })
  set(of.prototype, toStringTag, { value: name, configurable: true })
  // The bundler may have given the class another name.
  set(of, 'name', { value: name, configurable: true })
}

function list(target: object): void {
  for (const key of ownKeys(target)) {
    if (typeof key !== 'string' || key === 'constructor') continue
    const { value, configurable } = getOwnPropertyDescriptor(target, key)!
    if (configurable === true && (value === undefined || typeof value === 'function'))
      set(target, key, { enumerable: true })
  }
}

/** A number as Web IDL's `[EnforceRange] unsigned long long`. @throws TypeError beyond it. */
export function wholeNumber(value: unknown, what: string): number {
  const number = trunc(toNumber(value))
  if (!(number >= 0 && number <= MOST))
    throw new TypeErrorOf(`${what} must be a whole number of at least 0, not ${toText(value)}.`)
  return number === 0 ? 0 : number
}

/** @throws TypeError when fewer arguments came than are demanded. */
export function demand(count: number, given: number, what: string): void {
  if (given < count)
    throw new TypeErrorOf(`${what} needs ${count} argument${count > 1 ? 's' : ''}, got ${given}.`)
}

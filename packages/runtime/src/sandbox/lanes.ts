import { callHost, callHostBlocking } from './calls.ts'
import type { Awaitable, Lane } from './lane.ts'

/** Calls return promises. */
export const bareLane: Lane = {
  kind: 'bare',
  call: <T>(name: string, args: readonly unknown[]) => callHost(name, args) as Promise<T>,
  map: async <T, U>(value: Awaitable<T>, project: (value: T) => U) => project(await value),
  recover: async <T, U>(value: () => Awaitable<T>, cure: (error: unknown) => U) => {
    try {
      return await value()
    } catch (error) {
      return cure(error)
    }
  },
}

/** Calls block the service until the answer is there. */
export const dollarLane: Lane = {
  kind: 'dollar',
  call: <T>(name: string, args: readonly unknown[]) => callHostBlocking(name, args) as T,
  map: <T, U>(value: Awaitable<T>, project: (value: T) => U) => project(value as T),
  recover: <T, U>(value: () => Awaitable<T>, cure: (error: unknown) => U) => {
    try {
      return value() as T
    } catch (error) {
      return cure(error)
    }
  },
}

/** The cure that is none: with `lane.recover` also what is thrown before there is a promise comes by it. */
export function rethrow(error: unknown): never {
  throw error
}

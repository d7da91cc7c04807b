import { create } from './intrinsics.ts'

let data = create(null) as Readonly<Record<string, unknown>>

/** Called once, before any code of the author, with what the host halves gave. */
export function connectBootData(given: Readonly<Record<string, unknown>>): void {
  data = given
}

/** What a module's host half gave for the start (`HostModule.bootData`), or undefined. */
export function bootData(module: string): unknown {
  return data[module]
}

import { resolve } from 'node:path'

/** Where the bundle of `build-prelude.ts` is: absolute. */
export const PRELUDE_PATH = resolve(import.meta.dirname, '../../dist/prelude.js')

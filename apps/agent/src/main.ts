// What is started by hand, by systemd, by tests: the bundle where it is fresh, the sources where it is not.
import { enableCompileCache } from 'node:module'
import { freshBundle } from './bundle.ts'
import { COMPILE_CACHE } from './compile-cache.ts'

enableCompileCache(COMPILE_CACHE)
await import(freshBundle() ?? './agent.ts')

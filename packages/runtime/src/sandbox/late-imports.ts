// `import()`: files that are asked for while the service runs. Compiled for the services that call it (units.ts). A file is
// asked of the host once, whoever imports it how often; what became of it stays.
import { hostError, onEnter, tellHost } from './calls.ts'
import { isClassic } from './classic-files.ts'
import { continueFor, continueForNobody, currentRequest, forgetTouched } from './current-request.ts'
import { insteadOfModule } from './foreign-names.ts'
import { apply } from './intrinsics.ts'
import {
  EVALUATED,
  EXPORT_NAME,
  LOAD,
  MAX_EXPORT_NAMES,
  SETTLED,
  type ImportFailure,
  type LateImports,
} from './late-imports.contract.ts'
import { provideImport, requireFile } from './require.ts'
import type { PendingRequest } from './requests.ts'
import { resolveImport } from './resolve-import.ts'

interface Waiting {
  resolve(namespace: object): void
  reject(error: unknown): void
  owner: PendingRequest | null
}

/** One file. `waiting` null: it is settled. */
interface Place {
  namespace: object | null
  error: unknown
  waiting: Waiting[] | null
}

interface BranchFile {
  readonly path: string
  readonly code: string
  readonly kind: string
}

const PromiseOf = Promise
const resolved = Promise.resolve.bind(Promise) as () => Promise<void>
const then = Promise.prototype.then
const ERRORS = { TypeError, RangeError, SyntaxError, ReferenceError } as Readonly<
  Record<string, ErrorConstructor>
>
const places = new Map<string, Place>()
const files = new Map<string, BranchFile>()

/** Makes what answers `import()`, and gives it to classic files under `name`. */
export function connectLateImports(branch: readonly BranchFile[], name: string): LateImports {
  for (const file of branch)
    if (file.kind !== 'data' || file.path.endsWith('.json')) files.set(file.path, file)
  onEnter(SETTLED, (path, failure) => settle(path as string, failure as ImportFailure | null))
  provideImport(name, (from) => (specifier) => late(from, specifier))
  return { late, begin, arrived }
}

function late(from: string, specifier: unknown): Promise<object> {
  return new PromiseOf((resolve, reject) => {
    const waiting = { resolve, reject, owner: currentRequest() }
    try {
      const place = placeOf(from, `${specifier as string}`)
      if (place.waiting) place.waiting[place.waiting.length] = waiting
      else goOn(place, waiting)
    } catch (error) {
      // `import()` throws nothing: it rejects (ECMAScript, "EvaluateImportCall").
      goOn({ namespace: null, error }, waiting)
    }
  })
}

function placeOf(from: string, specifier: string): Place {
  const path = resolveImport(specifier, from, (path) => files.has(path))
  if (path === null)
    throw hostError(
      'SERVICE_MODULE_NOT_FOUND',
      `${from} imports "${specifier}", which is not a file of this version.${insteadOfModule(specifier)}`,
    )
  const known = places.get(path)
  if (known) return known
  const place: Place = { namespace: null, error: null, waiting: [] }
  places.set(path, place)
  load(path, place)
  return place
}

function load(path: string, place: Place): void {
  try {
    tellHost(LOAD, [path, isClassic(files.get(path)!) ? classicNames(path) : null])
  } catch (error) {
    place.error = error
    place.waiting = null
  }
}

/** A classic file runs here and now, as by `require`: only then its exports have names. */
function classicNames(path: string): string[] {
  const exports = requireFile(`/${path}`)
  if ((typeof exports !== 'object' && typeof exports !== 'function') || exports === null) return []
  const names = Object.keys(exports).filter(
    (name) => name !== 'default' && name !== '__esModule' && EXPORT_NAME.test(name),
  )
  return names.slice(0, MAX_EXPORT_NAMES)
}

function begin(): void {
  continueForNobody()
  forgetTouched()
}

function arrived(path: string, namespace: object): void {
  const place = places.get(path)
  if (!place?.waiting || place.namespace) return
  place.namespace = namespace
  tellHost(EVALUATED, [path])
}

/** Those who wait go on in a turn, each in the name of its request, and not in the entry that evaluated the file. */
function settle(path: string, failure: ImportFailure | null): void {
  const place = places.get(path)
  if (!place?.waiting) return
  const { waiting } = place
  place.waiting = null
  if (failure) {
    place.namespace = null
    place.error = 'value' in failure ? failure.value : errorOf(failure)
  }
  for (const each of waiting) goOn(place, each)
}

/**
 * Settles one `import()` in the name of its request. In a microtask, so that whoever asked has had the time to say what is to be done
 * then: isolated-vm looks through all rejections of an entry for each that is caught later.
 */
function goOn({ namespace, error }: Omit<Place, 'waiting'>, { resolve, reject, owner }: Waiting): void {
  void apply(then, resolved(), [
    () => {
      continueFor(owner)
      if (namespace) resolve(namespace)
      else reject(error)
    },
  ])
}

/** An error as it was on the other side: of the language's own kind where it was one, with its stack. */
function errorOf({ name, message, code, stack }: Exclude<ImportFailure, { value: unknown }>): Error {
  const error = code === undefined ? new (ERRORS[name] ?? Error)(message) : hostError(code, message)
  if (error.name !== name)
    Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  if (stack !== undefined) error.stack = stack
  return error
}

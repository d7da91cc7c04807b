// DOMException: Web IDL, "DOMException".
import { webInterface } from './interface.ts'

const NAMES = [
  'IndexSizeError',
  '',
  'HierarchyRequestError',
  'WrongDocumentError',
  'InvalidCharacterError',
  '',
  'NoModificationAllowedError',
  'NotFoundError',
  'NotSupportedError',
  'InUseAttributeError',
  'InvalidStateError',
  'SyntaxError',
  'InvalidModificationError',
  'NamespaceError',
  'InvalidAccessError',
  '',
  'TypeMismatchError',
  'SecurityError',
  'NetworkError',
  'AbortError',
  'URLMismatchError',
  'QuotaExceededError',
  'TimeoutError',
  'InvalidNodeTypeError',
  'DataCloneError',
]

/** Names of constants that have no name of an error any more. */
const RETIRED: Record<number, string> = {
  2: 'DOMSTRING_SIZE_ERR',
  6: 'NO_DATA_ALLOWED_ERR',
  16: 'VALIDATION_ERR',
}

// V8's own; the sandbox's types know the language only.
const { captureStackTrace } = Error as unknown as {
  captureStackTrace?: (error: object, above: unknown) => void
}

/** An error with a DOM name (`AbortError`, `TimeoutError`, `DataCloneError`). */
export class DOMException extends Error {
  readonly #message: string
  readonly #name: string

  constructor(message: unknown = '', name: unknown = 'Error') {
    super()
    this.#message = String(message)
    this.#name = String(name)
    // Once more, now that the first line can say what this is.
    captureStackTrace?.(this, DOMException)
  }
  // V8 asks for both while the object is being made.
  override get name(): string {
    return #name in this ? this.#name : 'Error'
  }
  override get message(): string {
    return #message in this ? this.#message : ''
  }
  get code(): number {
    return this.#name === '' ? 0 : NAMES.indexOf(this.#name) + 1
  }
}

const constants: Record<string, number> = {}
NAMES.forEach((name, i) => {
  const words = name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])|(?<=URL)(?=M)/g, '_')
  const constant = RETIRED[i + 1] ?? `${words.toUpperCase()}_ERR`
  constants[constant === 'IN_USE_ATTRIBUTE_ERR' ? 'INUSE_ATTRIBUTE_ERR' : constant] = i + 1
})
webInterface(DOMException, 'DOMException', constants)

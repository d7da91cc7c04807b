// TextEncoder and TextDecoder: WHATWG Encoding. UTF-8 and UTF-16 are decoded here; tables of single-byte encodings come
// from the host once, the encodings of more bytes are decoded there (modules/encoding/encoding.host.ts).
import { callHostBlocking } from '../calls.ts'
import { fromCharCode } from '../intrinsics.ts'
import { demand, webInterface } from './interface.ts'
import { decodeUtf8, encodeUtf8 } from './text.ts'

export class TextEncoder {
  get encoding(): string {
    return 'utf-8'
  }
  encode(text: unknown = ''): Uint8Array {
    return encodeUtf8(String(text))
  }
  encodeInto(text: unknown, into: Uint8Array): { read: number; written: number } {
    demand(2, arguments.length, 'encodeInto')
    if (!(into instanceof Uint8Array)) throw new TypeError('encodeInto writes into a Uint8Array.')
    let read = 0
    let written = 0
    for (const char of String(text)) {
      const bytes = encodeUtf8(char)
      if (written + bytes.length > into.length) break
      into.set(bytes, written)
      written += bytes.length
      read += char.length
    }
    return { read, written }
  }
}
webInterface(TextEncoder, 'TextEncoder')

/** What the host knows of a label. */
export interface KnownEncoding {
  name: string
  /** Characters of the bytes 128 to 255; absent for encodings of more bytes. */
  table?: string
}

const LABELS: Record<string, KnownEncoding | null> = {
  'utf-8': { name: 'utf-8' },
  utf8: { name: 'utf-8' },
  'unicode-1-1-utf-8': { name: 'utf-8' },
  'utf-16le': { name: 'utf-16le' },
  'utf-16': { name: 'utf-16le' },
  'utf-16be': { name: 'utf-16be' },
}

function encodingOf(label: string): KnownEncoding {
  const key = label.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase()
  if (!Object.hasOwn(LABELS, key)) {
    const known = key.length > 40 ? null : callHostBlocking('encoding.find', [key])
    Object.defineProperty(LABELS, key, { value: known, enumerable: true })
  }
  const found = LABELS[key]
  if (found) return found
  throw new RangeError(`The encoding "${label}" is not known.`)
}

const none = new Uint8Array(0)

export class TextDecoder {
  readonly #encoding: KnownEncoding
  readonly #fatal: boolean
  readonly #ignoreBOM: boolean
  #rest: Uint8Array = none
  #begun = false

  constructor(label: unknown = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } | null = {}) {
    this.#encoding = encodingOf(String(label))
    this.#fatal = Boolean(options?.fatal)
    this.#ignoreBOM = Boolean(options?.ignoreBOM)
  }
  get encoding(): string {
    return this.#encoding.name
  }
  get fatal(): boolean {
    return this.#fatal
  }
  get ignoreBOM(): boolean {
    return this.#ignoreBOM
  }

  decode(source?: unknown, options: { stream?: boolean } | null = {}): string {
    const stream = Boolean(options?.stream)
    const bytes = join(this.#rest, bytesOf(source))
    const begun = this.#begun
    // Whatever fails below, the next call begins anew.
    this.#rest = none
    this.#begun = false
    const [text, used] = this.#decoded(bytes, stream)
    if (stream) {
      this.#rest = bytes.slice(used)
      this.#begun = begun || text !== ''
    }
    const isUnicode = this.#encoding.name.startsWith('utf-')
    return isUnicode && !begun && !this.#ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }

  /** The text, and how many bytes it stands for. */
  #decoded(bytes: Uint8Array, stream: boolean): [string, number] {
    const { name, table } = this.#encoding
    if (table !== undefined) return [this.#byTable(bytes, table), bytes.length]
    if (name === 'utf-8') {
      const used = bytes.length - (stream ? incompleteUtf8(bytes) : 0)
      return [decodeUtf8(bytes.subarray(0, used), this.#fatal), used]
    }
    if (name.startsWith('utf-16')) return this.#utf16(bytes, name === 'utf-16be', stream)
    const answer = callHostBlocking('encoding.decode', [name, bytes, this.#fatal, stream]) as
      [string, number] | null
    if (!answer) throw malformed(name)
    return answer
  }

  #byTable(bytes: Uint8Array, table: string): string {
    let text = ''
    for (const byte of bytes) {
      const char = byte < 128 ? fromCharCode(byte) : table[byte - 128]!
      if (char === '\ufffd' && this.#fatal) throw malformed(this.encoding)
      text += char
    }
    return text
  }

  #utf16(bytes: Uint8Array, big: boolean, stream: boolean): [string, number] {
    let text = ''
    let at = 0
    for (; at + 1 < bytes.length; at += 2) {
      const unit = big ? (bytes[at]! << 8) | bytes[at + 1]! : bytes[at]! | (bytes[at + 1]! << 8)
      text += fromCharCode(unit)
    }
    const last = text.charCodeAt(text.length - 1)
    if (stream && last >= 0xd800 && last <= 0xdbff) {
      at -= 2
      text = text.slice(0, -1)
    }
    const odd = !stream && at < bytes.length
    if (this.#fatal && (odd || !text.isWellFormed())) throw malformed(this.encoding)
    return [text.toWellFormed() + (odd ? '\ufffd' : ''), stream ? at : bytes.length]
  }
}
webInterface(TextDecoder, 'TextDecoder')

function malformed(name: string): TypeError {
  return new TypeError(`The encoded data was not valid for encoding ${name}`)
}

/** Bytes at the end that begin a character which is not whole yet. */
function incompleteUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!
    if ((byte & 0xc0) === 0x80) continue
    const needed = byte >= 0xf5 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1
    return needed > back ? back : 0
  }
  return 0
}

function bytesOf(source: unknown): Uint8Array {
  if (source === undefined) return none
  if (source instanceof ArrayBuffer) return new Uint8Array(source)
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  throw new TypeError('TextDecoder.decode expects an ArrayBuffer or a view of one.')
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}

// TextEncoderStream and TextDecoderStream: WHATWG Encoding, "Streaming".
import { webInterface } from './interface.ts'
import { TransformStream, type ReadableStream, type WritableStream } from './streams.ts'
import { encodeUtf8 } from './text.ts'
import { TextDecoder } from './text-coders.ts'

export class TextEncoderStream {
  readonly #stream: TransformStream<unknown, Uint8Array>

  constructor() {
    // A half of a surrogate pair at the end of a chunk waits for the other half.
    let half = ''
    this.#stream = new TransformStream<unknown, Uint8Array>({
      transform(chunk, controller) {
        const text = half + String(chunk)
        const last = text.charCodeAt(text.length - 1)
        half = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : ''
        const whole = half === '' ? text : text.slice(0, -1)
        if (whole !== '') controller.enqueue(encodeUtf8(whole))
      },
      flush(controller) {
        if (half !== '') controller.enqueue(encodeUtf8(half))
      },
    })
  }
  get encoding(): string {
    return 'utf-8'
  }
  get readable(): ReadableStream<Uint8Array> {
    return this.#stream.readable
  }
  get writable(): WritableStream<unknown> {
    return this.#stream.writable
  }
}
webInterface(TextEncoderStream, 'TextEncoderStream')

export class TextDecoderStream {
  readonly #decoder: TextDecoder
  readonly #stream: TransformStream<unknown, string>

  constructor(label?: unknown, options?: { fatal?: boolean; ignoreBOM?: boolean }) {
    const decoder = (this.#decoder = new TextDecoder(label, options))
    this.#stream = new TransformStream<unknown, string>({
      transform(chunk, controller) {
        const text = decoder.decode(chunk, { stream: true })
        if (text !== '') controller.enqueue(text)
      },
      flush(controller) {
        const text = decoder.decode()
        if (text !== '') controller.enqueue(text)
      },
    })
  }
  get encoding(): string {
    return this.#decoder.encoding
  }
  get fatal(): boolean {
    return this.#decoder.fatal
  }
  get ignoreBOM(): boolean {
    return this.#decoder.ignoreBOM
  }
  get readable(): ReadableStream<string> {
    return this.#stream.readable
  }
  get writable(): WritableStream<unknown> {
    return this.#stream.writable
  }
}
webInterface(TextDecoderStream, 'TextDecoderStream')

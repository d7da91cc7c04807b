// The web's streams (WHATWG Streams), by web-streams-polyfill, which passes the platform's own tests.
import { ReadableStream } from 'web-streams-polyfill'

export {
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
  ReadableByteStreamController,
  ReadableStream,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableStreamDefaultController,
  ReadableStreamDefaultReader,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
} from 'web-streams-polyfill'

/** A stream of bytes that are there already. */
export function streamOfBytes(bytes: Uint8Array, chunkBytes: number): ReadableStream {
  let at = 0
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += chunkBytes)))
      if (at >= bytes.length) {
        controller.close()
        controller.byobRequest?.respond(0)
      }
    },
  })
}

/** A stream that asks `pull` for the next bytes; null ends it. */
export function streamOfPulls(pull: () => Promise<Uint8Array | null>, cancel: () => void): ReadableStream {
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const bytes = await pull()
      if (bytes !== null && bytes.byteLength > 0) return controller.enqueue(bytes as Uint8Array<ArrayBuffer>)
      controller.close()
      controller.byobRequest?.respond(0)
    },
    cancel,
  })
}

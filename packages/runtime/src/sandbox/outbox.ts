// What leaves the isolate is gathered here and leaves by `emit`, an ignored callback: finished answers survive
// whatever the service does next (a floating rejection, a loop).
import { ByteSink, encodeValue } from './codec.ts'
import { apply, stringify } from './intrinsics.ts'
import { EMIT_CHARS } from './wire.contract.ts'

type Emit = (text: string, blob?: ArrayBuffer) => void

const resolved = Promise.resolve.bind(Promise) as () => Promise<void>
const then = Promise.prototype.then

/** Bytes of values in {@link operate}; emitted with the text. */
export const outBytes = new ByteSink()

let emit: Emit = () => {}
let answers = ''
let operations = ''
let soon = false
let inTurn = false

export function connectOutbox(to: Emit): void {
  emit = to
}

/** Adds a finished answer, already as JSON text. */
export function answerText(text: string): void {
  answers = answers === '' ? text : `${answers},${text}`
  grown()
}

/** Adds an operation, already as JSON text. */
export function operateText(text: string): void {
  operations = operations === '' ? text : `${operations},${text}`
  grown()
}

/** Adds an operation of plain values. */
export function operate(...operation: readonly (string | number | boolean | null)[]): void {
  operateText(stringify(operation))
}

/** Encodes a value whose bytes leave with the next {@link flush}. */
export function encodeOut(value: unknown): string {
  return encodeValue(value, outBytes)
}

/** Sends what was gathered. */
export function flush(): void {
  soon = false
  if (answers === '' && operations === '') return
  const text = operations === '' ? answers : `${answers}\n${operations}`
  const blob = outBytes.take()
  answers = ''
  operations = ''
  if (blob) emit(text, blob)
  else emit(text)
}

/** While a turn runs its handlers it flushes by itself; continuations after it flush by a microtask of their own. */
export function setInTurn(value: boolean): void {
  inTurn = value
  if (value) soon = false
}

function grown(): void {
  if (answers.length + operations.length > EMIT_CHARS) flush()
  else if (!inTurn && !soon) {
    soon = true
    // Three hops, so that what several continuations of one entry produce leaves together.
    void after(after(after(resolved(), nothing), nothing), flush)
  }
}

function after(promise: Promise<void>, fn: () => void): Promise<void> {
  return apply(then, promise, [fn]) as Promise<void>
}

function nothing(): void {}

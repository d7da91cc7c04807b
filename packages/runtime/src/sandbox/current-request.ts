// Which request the code that runs right now belongs to: limits, logs and blame go by it.
import type { PendingRequest } from './requests.ts'

let current: PendingRequest | null = null
let touched: PendingRequest[] = []

/** The request whose handler, or continuation, runs; null outside. */
export function currentRequest(): PendingRequest | null {
  return current
}

/** What runs from here on runs in the name of this request. */
export function continueFor(request: PendingRequest | null): void {
  current = request
  if (request) touched[touched.length] = request
}

/** What runs from here on belongs to no request. */
export function continueForNobody(): void {
  current = null
}

/** Requests that were begun or went on in this entry: who may be the culprit when continuations are cut off. */
export function touchedRequests(): readonly PendingRequest[] {
  return touched
}

/** A new entry begins: nobody has run in it yet. */
export function forgetTouched(): void {
  touched = []
}

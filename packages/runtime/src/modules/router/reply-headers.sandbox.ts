// Headers of an answer: what cannot be sent is found here, where the route and the name are known.
import { hostError } from '../../sandbox/calls.ts'
import { HEADER_NAME, HEADER_VALUE, MAX_HEADER_BYTES, MAX_HEADERS } from '../../sandbox/wire.contract.ts'

/** @throws ROUTER_HEADER_INVALID for a name or value that HTTP does not carry */
export function checkHeader(name: string, value: string): void {
  if (HEADER_NAME.test(name) && HEADER_VALUE.test(value)) return
  const shown = JSON.stringify(name.slice(0, 100))
  throw invalid(
    HEADER_NAME.test(name)
      ? `The header ${shown} cannot have the value ${JSON.stringify(value.slice(0, 100))}: a value has no line breaks and no letters beyond Latin-1; encode them, for example with encodeURIComponent.`
      : `${shown} cannot be the name of a header: a name has letters, digits and hyphens.`,
  )
}

/** Names and values in turn. @throws ROUTER_HEADER_INVALID */
export function checkHeaders(list: readonly string[]): void {
  let bytes = 0
  for (let i = 0; i < list.length; i += 2) {
    checkHeader(list[i]!, list[i + 1]!)
    bytes += list[i]!.length + list[i + 1]!.length
  }
  if (list.length > MAX_HEADERS * 2 || bytes > MAX_HEADER_BYTES)
    throw invalid(
      `An answer has at most ${MAX_HEADERS} headers of together ${MAX_HEADER_BYTES} characters, not ${list.length / 2} of ${bytes}.`,
    )
}

function invalid(message: string): Error {
  return hostError('ROUTER_HEADER_INVALID', message)
}

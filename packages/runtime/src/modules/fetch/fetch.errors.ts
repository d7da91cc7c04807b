import { defineErrors } from '@m3m/base'
import { fetchTexts } from './fetch.contract.ts'

/** What `fetch`, `WebSocket` and `EventSource` refuse beyond what `http` does. */
export const fetchErrors = defineErrors({
  FETCH_TOO_MANY_OPEN: { blame: 'user', status: 429, text: fetchTexts.FETCH_TOO_MANY_OPEN },
  FETCH_BODY_GONE: { blame: 'user', status: 410, text: fetchTexts.FETCH_BODY_GONE },
  FETCH_SOCKET_REFUSED: { blame: 'user', status: 502, text: fetchTexts.FETCH_SOCKET_REFUSED },
})

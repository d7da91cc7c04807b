import { defineModule } from '../../module/define-module.ts'
import { createFetchHost } from './fetch.host.ts'

export const fetch = defineModule({
  name: 'fetch',
  globals: ['Headers', 'Request', 'Response', 'WebSocket', 'EventSource'],
  twin: false,
  host: createFetchHost,
})

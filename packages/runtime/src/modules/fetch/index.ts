import { defineModule } from '../../module/define-module.ts'
import { createFetchHost } from './fetch.host.ts'

export const fetch = defineModule({ name: 'fetch', twin: false, host: createFetchHost })

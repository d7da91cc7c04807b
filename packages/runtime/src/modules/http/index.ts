import { defineModule } from '../../module/define-module.ts'
import { createHttpHost } from './http.host.ts'

export const http = defineModule({ name: 'http', host: createHttpHost })

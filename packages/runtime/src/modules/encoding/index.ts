import { defineModule } from '../../module/define-module.ts'
import { createEncodingHost } from './encoding.host.ts'

export const encoding = defineModule({ name: 'encoding', host: createEncodingHost })

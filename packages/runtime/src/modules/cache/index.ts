import { defineModule } from '../../module/define-module.ts'
import { createCacheHost } from './cache.host.ts'

export const cache = defineModule({ name: 'cache', host: createCacheHost })

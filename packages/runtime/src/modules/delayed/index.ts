import { defineModule } from '../../module/define-module.ts'
import { createDelayedHost } from './delayed.host.ts'

export const delayed = defineModule({ name: 'delayed', host: createDelayedHost })

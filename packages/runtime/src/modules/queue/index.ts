import { defineModule } from '../../module/define-module.ts'
import { createQueueHost } from './queue.host.ts'

export const queue = defineModule({ name: 'queue', host: createQueueHost })

import { defineModule } from '../../module/define-module.ts'
import { createEventsHost } from './events.host.ts'

export const events = defineModule({ name: 'events', host: createEventsHost })

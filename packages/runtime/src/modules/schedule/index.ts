import { defineModule } from '../../module/define-module.ts'
import { createScheduleHost } from './schedule.host.ts'

export const schedule = defineModule({ name: 'schedule', host: createScheduleHost })

import { defineModule } from '../../module/define-module.ts'
import { createGoalsHost } from './goals.host.ts'

export const goals = defineModule({ name: 'goals', host: createGoalsHost })

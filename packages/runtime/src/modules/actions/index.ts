import { defineModule } from '../../module/define-module.ts'
import { createActionsHost } from './actions.host.ts'

export const actions = defineModule({ name: 'actions', host: createActionsHost })

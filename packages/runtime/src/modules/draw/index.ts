import { defineModule } from '../../module/define-module.ts'
import { createDrawHost } from './draw.host.ts'

export const draw = defineModule({ name: 'draw', host: createDrawHost })

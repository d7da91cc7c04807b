import { defineModule } from '../../module/define-module.ts'
import { createImageHost } from './image.host.ts'

export const image = defineModule({ name: 'image', host: createImageHost })

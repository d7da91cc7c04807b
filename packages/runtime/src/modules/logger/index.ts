import { defineModule } from '../../module/define-module.ts'

export const logger = defineModule({ name: 'logger' })

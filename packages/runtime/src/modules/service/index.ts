import { defineModule } from '../../module/define-module.ts'

export const service = defineModule({ name: 'service' })

import { defineModule } from '../../module/define-module.ts'

export const validator = defineModule({ name: 'validator' })

import { defineModule } from '../../module/define-module.ts'

export const hook = defineModule({ name: 'hook' })

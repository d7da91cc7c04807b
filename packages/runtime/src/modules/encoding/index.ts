import { defineModule } from '../../module/define-module.ts'

export const encoding = defineModule({ name: 'encoding' })

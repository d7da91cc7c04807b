import { defineModule } from '../../module/define-module.ts'

export const strings = defineModule({ name: 'strings' })

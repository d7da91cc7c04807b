import { defineModule } from '../../module/define-module.ts'

export const console = defineModule({ name: 'console', twin: false })

import { defineModule } from '../../module/define-module.ts'

export const router = defineModule({ name: 'router' })

import { defineModule } from '../../module/define-module.ts'
import { createEnvHost } from './env.host.ts'

export const env = defineModule({ name: 'env', host: createEnvHost })

import { defineModule } from '../../module/define-module.ts'
import { createStorageHost } from './storage.host.ts'

export const storage = defineModule({ name: 'storage', host: createStorageHost })

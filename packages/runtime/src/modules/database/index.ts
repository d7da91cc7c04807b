import { defineModule } from '../../module/define-module.ts'
import { createDatabaseHost } from './database.host.ts'

export const database = defineModule({ name: 'database', host: createDatabaseHost })

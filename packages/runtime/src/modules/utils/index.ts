import { defineModule } from '../../module/define-module.ts'
import { createUtilsHost } from './utils.host.ts'

export const utils = defineModule({ name: 'utils', host: createUtilsHost })

import { defineModule } from '../../module/define-module.ts'
import { createSmtpHost } from './smtp.host.ts'

export const smtp = defineModule({ name: 'smtp', aliases: ['mail'], host: createSmtpHost })

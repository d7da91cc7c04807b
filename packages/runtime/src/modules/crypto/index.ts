import { defineModule } from '../../module/define-module.ts'
import { createCryptoHost } from './crypto.host.ts'

export const crypto = defineModule({
  name: 'crypto',
  globals: ['Crypto', 'CryptoKey', 'SubtleCrypto'],
  host: createCryptoHost,
})

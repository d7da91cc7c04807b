import { defineErrors } from '@m3m/base'
import { cryptoTexts } from './crypto.contract.ts'

export const cryptoErrors = defineErrors({
  CRYPTO_ENCODING_UNKNOWN: { blame: 'user', status: 400, text: cryptoTexts.CRYPTO_ENCODING_UNKNOWN },
  CRYPTO_ALGORITHM_UNKNOWN: { blame: 'user', status: 400, text: cryptoTexts.CRYPTO_ALGORITHM_UNKNOWN },
  CRYPTO_TOO_MANY_BYTES: { blame: 'user', status: 400, text: cryptoTexts.CRYPTO_TOO_MANY_BYTES },
  CRYPTO_DATA_INVALID: { blame: 'user', status: 400, text: cryptoTexts.CRYPTO_DATA_INVALID },
  CRYPTO_KEY_INVALID: { blame: 'user', status: 400, text: cryptoTexts.CRYPTO_KEY_INVALID },
  CRYPTO_PASSWORD_MISSING: { blame: 'user', status: 400, text: cryptoTexts.CRYPTO_PASSWORD_MISSING },
  CRYPTO_DECRYPT_FAILED: {
    blame: 'user',
    status: 400,
    text: (p: { reason: string }) => `The text cannot be decrypted: ${p.reason}.`,
  },
  CRYPTO_TOKEN_INVALID: {
    blame: 'user',
    status: 401,
    text: (p: { reason: string }) => `The token is not valid: ${p.reason}.`,
  },
  CRYPTO_OPTION_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { option: string; expected: string }) => `The option "${p.option}" must be ${p.expected}.`,
  },
})

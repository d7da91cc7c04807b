import { type Call, requestOf, type Target } from './calls.ts'
import { curlCode } from './code-curl.ts'
import { javascriptCode } from './code-javascript.ts'
import { serviceCode } from './code-service.ts'

/** How programs reach the records of a model: code that runs as it stands, once a key is put in. Pure. */

export const LANGUAGES = ['curl', 'javascript', 'service'] as const
export type CodeLanguage = (typeof LANGUAGES)[number]

export function exampleOf(call: Call, language: CodeLanguage, target: Target): string {
  if (language === 'service') return serviceCode(call, target)
  const request = requestOf(call, target)
  return language === 'curl' ? curlCode(call, request) : javascriptCode(call, request)
}

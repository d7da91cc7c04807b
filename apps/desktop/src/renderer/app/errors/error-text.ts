import type { ErrorShape } from '@m3m/base'
import type { TFunction } from 'i18next'
import { LACKS } from '../connection/known-procedures.ts'
import { OFFLINE } from './describe-error.ts'

/** What a person reads: the agent's own sentence, but for what the agent could not say itself. */
export function errorText(error: ErrorShape, t: TFunction): string {
  if (error.code === OFFLINE) return t('error.unreachable')
  return error.code === LACKS ? t('skew.lacks') : error.message
}

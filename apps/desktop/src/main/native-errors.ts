import { AppError, type FieldError, messageOf } from '@m3m/base'
import { type ErrorWords, sayError } from '../shared/errors/error-words.ts'
import { errors as russian } from '../shared/errors/ru/index.ts'
import { languageOf } from './native-texts.ts'

/** How each language says errors; null where they are said in it already. */
const WORDS: Record<ReturnType<typeof languageOf>, ErrorWords | null> = { en: null, ru: russian }

/** What went wrong, for a notification: in the language of a locale as Electron names it, as far as it is known. */
export function nativeError(error: unknown, locale: string): string {
  return nativeReason(
    error instanceof AppError ? error.toField() : { code: '', message: messageOf(error) },
    locale,
  )
}

/** The same of an error that an agent told of. */
export const nativeReason = (reason: FieldError, locale: string): string =>
  sayError(reason, WORDS[languageOf(locale)])

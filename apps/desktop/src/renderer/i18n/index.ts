import { createInstance } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en/index.ts'
import type { ErrorWords } from '../../shared/errors/error-words.ts'

export const i18n = createInstance()
export const LANGUAGES = ['en', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]

/** Each language in its own words. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', ru: 'Русский' }

const KEY = 'm3m.language'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'panel'
    resources: { panel: typeof en }
  }
}

/** English is part of the first load and stands in for anything that another language lacks. */
export async function openCatalogue(): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    defaultNS: 'panel',
    resources: { en: { panel: en } },
    interpolation: { escapeValue: false },
  })
  await showLanguage(storedLanguage() ?? systemLanguage())
}

/** `null` follows the browser. Remembered here, so that the sign-in page speaks it too. */
export async function chooseLanguage(language: Language | null): Promise<void> {
  try {
    if (language) localStorage.setItem(KEY, language)
    else localStorage.removeItem(KEY)
  } catch {
    // Storage is refused: the choice lasts until the page is closed.
  }
  await showLanguage(language ?? systemLanguage())
}

const errorWords = new Map<string, ErrorWords>()

/** How the language of the panel says errors of the agent; `null` in English, which the agent speaks itself. */
export const wordsOfErrors = (): ErrorWords | null => errorWords.get(i18n.language) ?? null

async function showLanguage(language: Language): Promise<void> {
  if (language === 'ru' && !i18n.hasResourceBundle('ru', 'panel')) {
    const [{ ru }, { errors }] = await Promise.all([
      import('./ru/index.ts'),
      import('../../shared/errors/ru/index.ts'),
    ])
    i18n.addResourceBundle('ru', 'panel', ru)
    errorWords.set('ru', errors)
  }
  await i18n.changeLanguage(language)
  document.documentElement.lang = language
}

export function storedLanguage(): Language | null {
  try {
    return asLanguage(localStorage.getItem(KEY))
  } catch {
    return null
  }
}

const systemLanguage = (): Language =>
  navigator.languages.map((tag) => asLanguage(tag.slice(0, 2))).find((language) => language !== null) ?? 'en'

const asLanguage = (text: string | null): Language | null =>
  LANGUAGES.find((language) => language === text) ?? null

import { useTranslation } from 'react-i18next'
import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES } from '@/i18n/index.ts'
import { cn } from '@/ui/cn.ts'

/** Languages side by side: before anybody signed in. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  return (
    <div role="group" aria-label={t('profile.language')} className="flex gap-2">
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={language === i18n.language}
          onClick={() => void chooseLanguage(language)}
          className={cn('rounded-xs hover:text-foreground', language === i18n.language && 'text-foreground')}
        >
          {LANGUAGE_NAMES[language]}
        </button>
      ))}
    </div>
  )
}

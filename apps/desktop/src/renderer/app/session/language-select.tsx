import { useTranslation } from 'react-i18next'
import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, type Language } from '@/i18n/index.ts'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'

interface LanguageSelectProps {
  size?: 'default' | 'sm'
  id?: string
  onChosen?: (language: Language) => void
}

export function LanguageSelect({ size = 'default', onChosen, ...props }: LanguageSelectProps) {
  const { t, i18n } = useTranslation()
  const choose = (language: string) => {
    void chooseLanguage(language as Language)
    onChosen?.(language as Language)
  }
  return (
    <Select value={i18n.language} onValueChange={choose}>
      <SelectTrigger size={size} className="w-28" aria-label={t('profile.language')} {...props}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {LANGUAGES.map((language) => (
          <SelectItem key={language} value={language}>
            {LANGUAGE_NAMES[language]}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ReferenceBrowser } from '@/app/reference/reference-browser.tsx'
import { referenceSearch } from '@/app/search.ts'

/** What a service may use; the address holds module, member and search, so that a place can be sent to a colleague. */
export function ReferencePage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/reference' })
  const navigate = useNavigate({ from: '/reference' })
  return (
    <div className="flex h-full min-h-0 flex-col">
      <h1 className="sr-only">{t('nav.reference')}</h1>
      <ReferenceBrowser
        place={search}
        // Typing is no step to go back to; a module is.
        onPlace={(place) =>
          void navigate({
            search: referenceSearch(place as Record<string, unknown>),
            replace: place.q !== search.q,
          })
        }
        className="flex-1"
      />
    </div>
  )
}

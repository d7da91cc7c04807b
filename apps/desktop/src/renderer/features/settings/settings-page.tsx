import { useTranslation } from 'react-i18next'
import { useMay } from '@/app/project/project-context.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { ApiKeys } from './api-keys.tsx'
import { DangerZone } from './danger-zone.tsx'
import { GeneralSettings } from './general-settings.tsx'
import { Members } from './members.tsx'

export function SettingsPage() {
  const { t } = useTranslation()
  const may = useMay('settings')
  const mayDelete = useMay('delete')
  if (!may) return <EmptyState title={t('settings.noRight')} />
  return (
    <Page title={t('nav.settings')} width="narrow">
      <GeneralSettings />
      <Members />
      <ApiKeys />
      {mayDelete ? <DangerZone /> : null}
    </Page>
  )
}

import { useTranslation } from 'react-i18next'
import { UnsavedForms } from '@/app/leave/unsaved.tsx'
import { useMay } from '@/app/project/project-context.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { ApiKeys } from './api-keys.tsx'
import { DangerZone } from './danger-zone.tsx'
import { ExportSection } from './export-section.tsx'
import { GeneralSettings } from './general-settings.tsx'
import { MailSettings } from './mail-settings.tsx'
import { Members } from './members.tsx'
import { ProjectPlugins } from './project-plugins.tsx'
import { ProjectLimits } from './project-limits.tsx'
import { ApiSettings } from './reach-settings.tsx'
import { RestartNotice } from './restart-notice.tsx'

export function SettingsPage() {
  const { t } = useTranslation()
  const may = useMay('settings')
  const mayDelete = useMay('delete')
  if (!may) return <EmptyState title={t('settings.noRight')} />
  return (
    <Page title={t('nav.settings')} width="narrow">
      <UnsavedForms>
        <RestartNotice />
        <GeneralSettings />
        <Members />
        <ProjectLimits />
        <ProjectPlugins />
        <ApiKeys />
        <ApiSettings />
        <MailSettings />
        <ExportSection />
        {mayDelete ? <DangerZone /> : null}
      </UnsavedForms>
    </Page>
  )
}

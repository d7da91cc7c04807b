import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { UnsavedForms } from '@/app/leave/unsaved.tsx'
import { useMe } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { BackupsSection } from './backups-section.tsx'
import { MailSection } from './mail-section.tsx'
import { AddressSection, OutboundSection, ProxiesSection, SessionsSection } from './network-sections.tsx'
import { UpdatesSection } from './updates-section.tsx'

/** Settings of the agent, for root: what the panel sets over config.yaml. A section of another feature is a line here. */
export function AgentSettingsPage() {
  const { t } = useTranslation()
  const me = useMe()
  if (me && !me.root) return <EmptyState title={t('agentSettings.rootOnly')} />
  return (
    <Page title={t('nav.agentSettings')} width="narrow">
      <Sections />
    </Page>
  )
}

function Sections() {
  const trpc = useTRPC()
  const settings = useQuery(
    trpc.agent.settings.queryOptions(undefined, { staleTime: Infinity, refetchOnMount: 'always' }),
  )
  if (settings.error) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
  if (!settings.data)
    return (
      <div className="rounded-md border">
        <SkeletonRows rows={8} />
      </div>
    )
  return (
    <UnsavedForms>
      <AddressSection settings={settings.data} />
      <MailSection settings={settings.data} />
      <ProxiesSection settings={settings.data} />
      <OutboundSection settings={settings.data} />
      <SessionsSection settings={settings.data} />
      <BackupsSection settings={settings.data} />
      <UpdatesSection settings={settings.data} />
    </UnsavedForms>
  )
}

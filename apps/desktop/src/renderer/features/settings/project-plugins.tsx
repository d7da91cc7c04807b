import type { ProjectPlugin } from '@m3m/core/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { reasonText } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useMe } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Switch } from '@/ui/checkbox.tsx'
import { Section } from '@/ui/page.tsx'
import { OwnProcessBadge, PluginStateBadge } from '@/ui/plugin-badges.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'

/** While one is being tried out. */
const CHECKING_MS = 1_500

/** Which of the agent's plugins the service is given. */
export function ProjectPlugins() {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const isRoot = useMe()?.root === true
  const trpc = useTRPC()
  const plugins = useQuery(
    trpc.runtime.plugins.queryOptions(
      { projectId },
      {
        refetchInterval: ({ state }) =>
          state.data?.some((plugin) => plugin.state === 'checking') ? CHECKING_MS : false,
      },
    ),
  )
  const enable = useEnable(projectId)
  return (
    <Section
      title={t('plugins.project.title')}
      description={t('plugins.project.hint')}
      actions={
        isRoot ? (
          <Link to="/plugins" className="text-xs text-muted-foreground hover:text-foreground hover:underline">
            {t('plugins.project.all')}
          </Link>
        ) : null
      }
    >
      {plugins.isPending ? <SkeletonRows rows={2} /> : null}
      {plugins.error ? (
        <ErrorState error={plugins.error} onRetry={() => void plugins.refetch()} className="m-3" />
      ) : null}
      {plugins.data?.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted-foreground">
          {t(isRoot ? 'plugins.project.noneRoot' : 'plugins.project.none')}
        </p>
      ) : null}
      <ul className="divide-y" aria-label={t('plugins.project.title')}>
        {plugins.data?.map((plugin) => (
          <PluginSwitch
            key={plugin.name}
            plugin={plugin}
            isPending={enable.isPending}
            onEnabled={(enabled) => enable.mutate({ projectId, plugin: plugin.name, enabled })}
          />
        ))}
      </ul>
      <p className="border-t px-4 py-2.5 text-xs text-muted-foreground">{t('projectSettings.nextStart')}</p>
    </Section>
  )
}

function useEnable(projectId: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMutation(
    trpc.plugins.enable.mutationOptions({
      onSuccess: async (next) => {
        queryClient.setQueryData(trpc.runtime.plugins.queryKey({ projectId }), next)
        // The editor completes by what is enabled, and the notice about a restart reads the project.
        await Promise.all([
          queryClient.invalidateQueries({ queryKey: trpc.runtime.types.queryKey({ projectId }) }),
          queryClient.invalidateQueries({ queryKey: trpc.projects.pathKey() }),
        ])
      },
    }),
  )
}

interface PluginSwitchProps {
  plugin: ProjectPlugin
  isPending: boolean
  onEnabled: (enabled: boolean) => void
}

function PluginSwitch({ plugin, isPending, onEnabled }: PluginSwitchProps) {
  const { t } = useTranslation()
  const { name, manifest, enabled, problem, failures } = plugin
  const [lastFailure] = failures
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <Switch
        checked={enabled}
        disabled={isPending}
        onCheckedChange={onEnabled}
        aria-label={t('plugins.project.enable', { name })}
        className="mt-0.5"
      />
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{name}</span>
          {manifest ? (
            <>
              <span className="font-mono text-xs text-muted-foreground">{manifest.version}</span>
              <code className="text-muted-foreground">
                {manifest.global}, ${manifest.global}
              </code>
            </>
          ) : null}
          {plugin.ownProcess ? <OwnProcessBadge /> : null}
        </p>
        <p className="text-xs text-muted-foreground">{manifest?.description}</p>
        {problem ? <p className="text-xs break-words text-destructive">{reasonText(problem)}</p> : null}
        {!problem && enabled && lastFailure ? (
          <p className="text-xs break-words text-limited">
            {t('plugins.project.failed', {
              reason: lastFailure.because ? reasonText(lastFailure.because) : lastFailure.reason,
            })}
          </p>
        ) : null}
      </div>
      {plugin.state === 'ready' ? null : <PluginStateBadge state={plugin.state} />}
    </li>
  )
}

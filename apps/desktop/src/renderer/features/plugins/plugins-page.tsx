import type { PluginView } from '@m3m/core/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronRightIcon, PuzzleIcon, RefreshCwIcon } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { reasonText } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { UnsavedForms } from '@/app/leave/unsaved.tsx'
import { useMe } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { OwnProcessBadge, PluginStateBadge } from '@/ui/plugin-badges.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import { PluginDetails } from './plugin-details.tsx'

/** While one is being tried out. */
const CHECKING_MS = 1_500

/** Plugins of the agent, for root: which there are, whether they work, what they are set to, who uses them. */
export function PluginsPage() {
  const { t } = useTranslation()
  const me = useMe()
  if (me && !me.root) return <EmptyState title={t('plugins.rootOnly')} />
  return <AgentPlugins />
}

function AgentPlugins() {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const plugins = useQuery(
    trpc.plugins.list.queryOptions(undefined, {
      refetchInterval: ({ state }) =>
        state.data?.some((plugin) => plugin.state === 'checking') ? CHECKING_MS : false,
    }),
  )
  const rescan = useRescan()
  return (
    <Page
      title={t('nav.plugins')}
      width="narrow"
      actions={
        <Button variant="outline" disabled={rescan.isPending} onClick={() => rescan.mutate({})}>
          <RefreshCwIcon className={rescan.isPending ? 'animate-spin motion-reduce:animate-none' : ''} />
          {t('plugins.rescan')}
        </Button>
      }
    >
      <p className="-mt-2 text-sm text-muted-foreground">{t('plugins.hint')}</p>
      <div className="min-w-0 overflow-hidden rounded-md border">
        {plugins.isPending ? <SkeletonRows rows={3} /> : null}
        {plugins.error ? (
          <ErrorState error={plugins.error} onRetry={() => void plugins.refetch()} className="m-3" />
        ) : null}
        {plugins.data?.length === 0 ? (
          <EmptyState icon={<PuzzleIcon />} title={t('plugins.empty')}>
            {t('plugins.emptyHint')}
          </EmptyState>
        ) : null}
        <UnsavedForms>
          <ul className="divide-y" aria-label={t('nav.plugins')}>
            {plugins.data?.map((plugin) => (
              <PluginRow key={plugin.name} plugin={plugin} />
            ))}
          </ul>
        </UnsavedForms>
      </div>
    </Page>
  )
}

function useRescan() {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMutation(
    trpc.plugins.rescan.mutationOptions({
      onSuccess: async (list) => {
        queryClient.setQueryData(trpc.plugins.list.queryKey(), list)
        const broken = list.filter(({ state }) => state === 'broken').length
        toast.success(t('plugins.rescanned', { count: list.length, broken }))
        await queryClient.invalidateQueries({ queryKey: trpc.runtime.pathKey() })
      },
    }),
  )
}

/** The address says which one is open, so that a place can be sent to a colleague. */
function PluginRow({ plugin }: { plugin: PluginView }) {
  const { t } = useTranslation()
  const details = useId()
  const { plugin: open } = useSearch({ from: '/plugins' })
  const navigate = useNavigate({ from: '/plugins' })
  const { name, manifest, state, projects } = plugin
  const isOpen = open === name
  const toggle = () => void navigate({ search: isOpen ? {} : { plugin: name }, replace: true })
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={details}
        onClick={toggle}
        className="flex w-full items-start gap-2.5 px-3 py-2.5 text-left hover:bg-accent/60"
      >
        <ChevronRightIcon
          className={cn(
            'mt-0.5 size-4 shrink-0 text-muted-foreground transition-transform',
            isOpen && 'rotate-90',
          )}
        />
        <span className="grid min-w-0 flex-1 gap-0.5">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium break-all">{name}</span>
            {manifest ? (
              <span className="font-mono text-xs text-muted-foreground">{manifest.version}</span>
            ) : null}
            {plugin.ownProcess ? <OwnProcessBadge /> : null}
          </span>
          <span className="truncate text-xs text-muted-foreground">
            {state === 'broken' && plugin.problem ? reasonText(plugin.problem) : manifest?.description}
          </span>
        </span>
        <span className="hidden shrink-0 text-xs leading-5.5 text-muted-foreground sm:inline">
          {t('plugins.usedBy', { count: projects.length })}
        </span>
        <PluginStateBadge state={state} />
      </button>
      <div id={details}>{isOpen ? <PluginDetails plugin={plugin} /> : null}</div>
    </li>
  )
}

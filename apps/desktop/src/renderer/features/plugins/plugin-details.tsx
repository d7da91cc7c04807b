import type { PluginView } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleAlertIcon, ExternalLinkIcon, RotateCwIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { reasonText } from '@/app/errors/describe-error.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { PluginSettingsForm } from './plugin-settings-form.tsx'

/** All of one plugin: why it does not work, what it is, who uses it, what it is set to. */
export function PluginDetails({ plugin }: { plugin: PluginView }) {
  const { t } = useTranslation()
  return (
    <div className="grid min-w-0 grid-cols-1 gap-5 border-t bg-muted/30 px-4 py-4">
      {plugin.problem ? <Problem plugin={plugin} problem={plugin.problem} /> : null}
      {plugin.failures.length > 0 ? <Failures plugin={plugin} /> : null}
      <Facts plugin={plugin} />
      {plugin.settings.length + plugin.staleSettings.length > 0 ? (
        <section className="grid gap-3 border-t pt-4">
          <h3 className="text-sm font-semibold">{t('plugins.settings')}</h3>
          <PluginSettingsForm key={plugin.revision} plugin={plugin} />
        </section>
      ) : null}
    </div>
  )
}

function Problem({ plugin, problem }: { plugin: PluginView; problem: NonNullable<PluginView['problem']> }) {
  const { t } = useTranslation()
  const again = useTryAgain(plugin.name)
  const details = [`${problem.code}: ${problem.message}`, plugin.details].filter(Boolean).join('\n\n')
  return (
    <div role="alert" className="flex gap-3 rounded-md border border-destructive/30 bg-destructive/5 p-3">
      <CircleAlertIcon className="mt-0.5 size-4 shrink-0 text-destructive" />
      <div className="grid min-w-0 flex-1 gap-2">
        <p className="text-sm break-words">{reasonText(problem)}</p>
        {plugin.details ? (
          <pre className="max-h-56 overflow-auto rounded-sm border bg-background p-2 text-xs">
            {plugin.details}
          </pre>
        ) : null}
        <div className="flex flex-wrap items-center gap-2 text-xs text-muted-foreground">
          <code>{problem.code}</code>
          <CopyButton size="sm" showLabel label={t('error.copyDetails')} value={details} />
          <Button
            variant="outline"
            size="sm"
            disabled={again.isPending}
            onClick={() => again.mutate({ plugin: plugin.name })}
          >
            <RotateCwIcon /> {t('plugins.tryAgain')}
          </Button>
        </div>
      </div>
    </div>
  )
}

function useTryAgain(name: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMutation(
    trpc.plugins.check.mutationOptions({
      onSuccess: (next) =>
        queryClient.setQueryData(trpc.plugins.list.queryKey(), (list) =>
          list?.map((plugin) => (plugin.name === name ? next : plugin)),
        ),
    }),
  )
}

function Failures({ plugin }: { plugin: PluginView }) {
  const { t } = useTranslation()
  const slugOf = (id: string) => plugin.projects.find((project) => project.id === id)
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">{t('plugins.failures')}</h3>
      <ul className="divide-y rounded-md border bg-background">
        {plugin.failures.map(({ at, projectId, runId, reason, because }, i) => {
          const project = slugOf(projectId)
          return (
            <li key={i} className="flex flex-wrap items-baseline gap-x-3 px-3 py-1.5 text-sm">
              {project ? (
                <Link
                  to="/projects/$slug/logs"
                  params={{ slug: project.slug }}
                  search={{ run: runId }}
                  className="font-medium hover:underline"
                >
                  {project.name}
                </Link>
              ) : null}
              <span className="min-w-0 flex-1 basis-60 break-words">
                {because ? reasonText(because) : reason}
              </span>
              <TimeAgo at={at} className="text-xs text-muted-foreground" />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Facts({ plugin }: { plugin: PluginView }) {
  const { t } = useTranslation()
  const { manifest, members, projects } = plugin
  return (
    <dl className="grid gap-x-6 gap-y-0.5 text-sm sm:gap-y-2 sm:grid-cols-[9rem_minmax(0,1fr)]">
      {manifest ? (
        <>
          <Fact name={t('plugins.fact.module')}>
            <Link to="/reference" search={{ module: manifest.global }} className="hover:underline">
              <code>{manifest.global}</code>, <code>${manifest.global}</code>
            </Link>
            {members.length > 0 ? (
              <span className="block font-mono text-xs break-words text-muted-foreground">
                {members.join(', ')}
              </span>
            ) : null}
          </Fact>
          <Fact name={t('plugins.fact.version')}>
            <span className="font-mono text-xs">{manifest.version}</span>{' '}
            <span className="text-muted-foreground">{t('plugins.fact.api', { range: manifest.api })}</span>
          </Fact>
          {manifest.author || manifest.url ? (
            <Fact name={t('plugins.fact.author')}>
              {manifest.author} {manifest.url ? <Website url={manifest.url} /> : null}
            </Fact>
          ) : null}
          <Fact name={t('plugins.fact.may')}>
            <Permissions plugin={plugin} />
          </Fact>
        </>
      ) : null}
      <Fact name={t('plugins.fact.projects')}>
        {projects.length === 0 ? (
          <span className="text-muted-foreground">{t('plugins.noProjects')}</span>
        ) : (
          <ul className="flex flex-wrap gap-x-3 gap-y-1">
            {projects.map(({ id, name, slug }) => (
              <li key={id}>
                <Link to="/projects/$slug/settings" params={{ slug }} className="hover:underline">
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="min-w-0 max-sm:mb-2">{children}</dd>
    </>
  )
}

function Website({ url }: { url: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1 break-all text-muted-foreground hover:text-foreground hover:underline"
    >
      {new URL(url).host} <ExternalLinkIcon className="size-3" />
    </a>
  )
}

function Permissions({ plugin }: { plugin: PluginView }) {
  const { t } = useTranslation()
  const { kind, permissions } = plugin.manifest!
  return (
    <ul className="grid gap-0.5">
      {kind === 'native' ? <li>{t('plugins.may.native')}</li> : null}
      {permissions.map((permission) => (
        <li key={permission}>{t(`plugins.may.${permission}`)}</li>
      ))}
      {kind === 'js' && permissions.length === 0 ? (
        <li className="text-muted-foreground">{t('plugins.may.nothing')}</li>
      ) : null}
    </ul>
  )
}

import type { ApiKeyScope } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Badge } from '@/ui/badge.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'

/** Only these ask which models a key is for. */
export const isOfRecords = (scope: ApiKeyScope): boolean => scope.startsWith('records:')

interface KeyModelsProps {
  /** Ids of models; `null`: all. */
  models: readonly string[] | null
  onModels: (models: readonly string[] | null) => void
}

/** Which models a new key is for: by id, so that a slug may change. */
export function KeyModels({ models, onModels }: KeyModelsProps) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const known = useQuery(useTRPC().models.list.queryOptions({ projectId }))
  const toggle = (id: string, isOn: boolean) =>
    onModels(isOn ? [...(models ?? []), id] : (models ?? []).filter((other) => other !== id))
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t('apiKeys.models')}</legend>
      <label className="flex items-center gap-2">
        <input
          type="radio"
          name="key-models"
          className="accent-primary"
          checked={models === null}
          onChange={() => onModels(null)}
        />
        {t('apiKeys.allModels')}
      </label>
      <label className="flex items-center gap-2">
        <input
          type="radio"
          name="key-models"
          className="accent-primary"
          checked={models !== null}
          disabled={known.data?.length === 0}
          onChange={() => onModels([])}
        />
        {t('apiKeys.chosenModels')}
      </label>
      {models !== null && known.isPending ? <SkeletonRows rows={2} /> : null}
      {models !== null && known.error ? (
        <ErrorState error={known.error} onRetry={() => void known.refetch()} />
      ) : null}
      {models !== null && known.data ? (
        <ul className="grid max-h-48 gap-1.5 overflow-y-auto rounded-md border px-3 py-2">
          {known.data.map(({ id, name, slug }) => (
            <li key={id}>
              <label className="flex min-w-0 items-center gap-2">
                <Checkbox
                  checked={models.includes(id)}
                  onCheckedChange={(isOn) => toggle(id, isOn === true)}
                  aria-label={name}
                />
                <span className="truncate">{name}</span>
                <code className="ml-auto shrink-0 text-xs text-muted-foreground">{slug}</code>
              </label>
            </li>
          ))}
        </ul>
      ) : null}
      {models?.length === 0 ? (
        <p className="text-xs text-muted-foreground">{t('apiKeys.chooseModel')}</p>
      ) : null}
    </fieldset>
  )
}

/** In the list of keys: the models of one that is not for all. */
export function ModelsOfKey({ models }: { models: readonly string[] }) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const known = useQuery(useTRPC().models.list.queryOptions({ projectId }))
  // A key may name a model by its slug, and outlive it.
  const slugOf = (ref: string) =>
    known.data?.find(({ id, slug }) => id === ref || slug === ref)?.slug ?? (known.data ? null : ref)
  return (
    <span className="flex flex-wrap items-center gap-1 text-xs text-muted-foreground">
      {t('apiKeys.only')}
      {models.map((ref) => (
        <Badge key={ref} className="font-mono" title={ref}>
          {slugOf(ref) ?? t('apiKeys.goneModel')}
        </Badge>
      ))}
    </span>
  )
}

import { API_KEY_SCOPES, type ApiKeyScope } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { KeyMade } from './key-made.tsx'
import { isOfRecords, KeyModels } from './key-models.tsx'

export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(['records:read'])
  /** `null`: all, also those that are made later. */
  const [models, setModels] = useState<readonly string[] | null>(null)
  const [life, setLife] = useState<Life>('never')
  const create = useMutation(
    trpc.projects.apiKeys.create.mutationOptions({
      meta: { showsError: true },
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.projects.apiKeys.pathKey() }),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({
      projectId,
      name: name.trim(),
      scopes: [...scopes],
      ...endOf(life),
      ...(hasModels && models && { models: [...models] }),
    })
  }
  const hasModels = scopes.some(isOfRecords)
  const isChosen = scopes.length > 0 && !(hasModels && models?.length === 0)
  const toggle = (scope: ApiKeyScope, isOn: boolean) =>
    setScopes(isOn ? [...scopes, scope] : scopes.filter((other) => other !== scope))
  if (create.data) return <KeyMade token={create.data.token} onClose={onClose} />
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={t('settings.newKey')} description={t('settings.apiKeysHint')} />
        <form onSubmit={submit} className="grid gap-4">
          <Field label={t('settings.keyName')}>
            <Input
              value={name}
              onChange={(event) => setName(event.target.value)}
              maxLength={80}
              required
              autoFocus
              autoComplete="off"
            />
          </Field>
          <fieldset className="grid gap-2 sm:grid-cols-2">
            <legend className="mb-1.5 text-sm sm:col-span-2 font-medium">{t('settings.keyScopes')}</legend>
            {API_KEY_SCOPES.map((scope) => (
              <Scope
                key={scope}
                scope={scope}
                isOn={scopes.includes(scope)}
                onIsOn={(isOn) => toggle(scope, isOn)}
              />
            ))}
          </fieldset>
          {hasModels ? <KeyModels models={models} onModels={setModels} /> : null}
          <LifeOfKey life={life} onLife={setLife} />
          {create.error ? <ErrorState error={create.error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={!name.trim() || !isChosen || create.isPending}>
              {t('settings.createKey')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

/** What a scope lets a program do; the catalogue cannot have its colon. */
const MAY = {
  'records:read': 'recordsRead',
  'records:write': 'recordsWrite',
  'goals:write': 'goalsWrite',
  'runs:read': 'runsRead',
  'runs:control': 'runsControl',
  mcp: 'mcp',
} as const satisfies Record<ApiKeyScope, string>

function Scope({
  scope,
  isOn,
  onIsOn,
}: {
  scope: ApiKeyScope
  isOn: boolean
  onIsOn: (isOn: boolean) => void
}) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <label className="flex items-start gap-2">
      <Checkbox
        checked={isOn}
        onCheckedChange={(value) => onIsOn(value === true)}
        aria-label={scope}
        aria-describedby={id}
        className="mt-0.5"
      />
      <span className="grid min-w-0">
        <code>{scope}</code>
        <span id={id} className="text-xs text-muted-foreground">
          {t(`apiKeys.may.${MAY[scope]}`)}
        </span>
      </span>
    </label>
  )
}

const DAY_MS = 86_400_000
/** From the moment the key is made. */
const LIVES_MS = { never: null, month: 30 * DAY_MS, quarter: 90 * DAY_MS, year: 365 * DAY_MS } as const
type Life = keyof typeof LIVES_MS

function endOf(life: Life): { expiresAt?: string } {
  const lifeMs = LIVES_MS[life]
  return lifeMs === null ? {} : { expiresAt: new Date(Date.now() + lifeMs).toISOString() }
}

function LifeOfKey({ life, onLife }: { life: Life; onLife: (life: Life) => void }) {
  const { t } = useTranslation()
  return (
    <Field label={t('apiKeys.life')}>
      <Select value={life} onValueChange={(value) => onLife(value as Life)}>
        <SelectTrigger>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          {(Object.keys(LIVES_MS) as Life[]).map((one) => (
            <SelectItem key={one} value={one}>
              {t(`apiKeys.lives.${one}`)}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </Field>
  )
}

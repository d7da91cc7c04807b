import { API_KEY_SCOPES, type ApiKeyScope } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
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
          <fieldset className="grid gap-2">
            <legend className="mb-1.5 text-sm font-medium">{t('settings.keyScopes')}</legend>
            {API_KEY_SCOPES.map((scope) => (
              <label key={scope} className="flex items-center gap-2">
                <Checkbox
                  checked={scopes.includes(scope)}
                  onCheckedChange={(isOn) => toggle(scope, isOn === true)}
                  aria-label={scope}
                />
                <code>{scope}</code>
              </label>
            ))}
          </fieldset>
          {hasModels ? <KeyModels models={models} onModels={setModels} /> : null}
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

function KeyMade({ token, onClose }: { token: string; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={t('settings.newKey')} description={t('settings.keyShownOnce')} />
        <div className="flex min-w-0 items-center gap-1 rounded-md border bg-muted/50 py-1 pr-1 pl-2.5">
          <code className="min-w-0 flex-1 break-all" data-testid="api-key">
            {token}
          </code>
          <CopyButton value={token} label={t('settings.copyKey')} />
        </div>
        <DialogFooter>
          <Button onClick={onClose}>{t('action.close')}</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

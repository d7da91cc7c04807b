import type { PluginSettingView, PluginView } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrorOf } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useUnsaved } from '@/app/leave/unsaved.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { toast } from '@/ui/toaster.tsx'
import { SettingField } from './setting-field.tsx'
import { changesOf } from './setting-values.ts'

/** A form made of the settings that plugin.json declares. An empty field is what config.yaml says, or the default. */
export function PluginSettingsForm({ plugin }: { plugin: PluginView }) {
  const { t } = useTranslation()
  const form = useSettingsForm(plugin)
  const isGeneralError =
    form.error && !plugin.settings.some(({ key }) => fieldErrorOf(form.error, `settings.${key}`))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    form.save()
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-4" aria-label={t('plugins.settings')}>
      {plugin.settings.map((setting) => (
        <SettingField
          key={setting.key}
          setting={setting}
          text={form.draft[setting.key]}
          error={fieldErrorOf(form.error, `settings.${setting.key}`)}
          onText={(text) => form.set(setting, text)}
        />
      ))}
      {plugin.staleSettings.length > 0 ? (
        <p className="text-xs text-limited">
          {t('plugins.staleSettings', { names: plugin.staleSettings.join(', ') })}
        </p>
      ) : null}
      {isGeneralError ? <ErrorState error={form.error} /> : null}
      <footer className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-0 flex-1 basis-56 text-xs text-muted-foreground">{t('plugins.settingsEffect')}</p>
        <Button type="submit" disabled={!form.isChanged || form.isPending}>
          {t('plugins.saveSettings')}
        </Button>
      </footer>
    </form>
  )
}

function useSettingsForm({ name, settings, staleSettings, revision }: PluginView) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState<Record<string, string | null>>({})
  const changes = changesOf(settings, draft)
  const isTyped = Object.keys(changes).length > 0
  useUnsaved(isTyped)
  const save = useMutation(
    trpc.plugins.configure.mutationOptions({
      meta: { showsError: true },
      onSuccess: async (next) => {
        queryClient.setQueryData(trpc.plugins.list.queryKey(), (list) =>
          list?.map((plugin) => (plugin.name === next.name ? next : plugin)),
        )
        setDraft({})
        toast.success(t('plugins.settingsSaved', { name }))
        await queryClient.invalidateQueries({ queryKey: trpc.plugins.pathKey() })
      },
    }),
  )
  return {
    draft,
    /** `null` takes a secret away; `undefined` leaves it as it was. */
    set: ({ key }: PluginSettingView, text: string | null | undefined) =>
      setDraft((before) => {
        const { [key]: _, ...others } = before
        return text === undefined ? others : { ...others, [key]: text }
      }),
    isChanged: isTyped || staleSettings.length > 0,
    isPending: save.isPending,
    error: save.error,
    save: () => save.mutate({ plugin: name, settings: changes, revision }),
  }
}

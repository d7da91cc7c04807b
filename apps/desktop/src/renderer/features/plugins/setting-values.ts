import type { PluginSettingValue, PluginSettingView } from '@m3m/core/client'
import type { Inputs } from '@/app/trpc/trpc.ts'

export type SettingChanges = Inputs['plugins']['configure']['settings']
export type SettingValue = SettingChanges[string]

/** A setting as it is typed: lists one entry a line, `true` and `false` for switches, '' where nothing is set. */
export function textOf(value: PluginSettingValue): string {
  if (value === null) return ''
  return Array.isArray(value) ? value.join('\n') : String(value)
}

/**
 * What was typed as the value of that type; null gives the setting back. What is no number stays a text: the server says
 * what is wrong with it.
 */
export function valueOf(type: string, text: string): SettingValue {
  if (text.trim() === '') return null
  switch (type) {
    case 'integer':
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : text
    case 'boolean':
      return text === 'true'
    case 'strings':
      return text.split('\n').flatMap((line) => line.trim() || [])
    default:
      return text
  }
}

/** What the panel itself set, as typed: everything else stands behind the field as its placeholder. */
export const savedText = ({ source, value }: PluginSettingView): string =>
  source === 'panel' ? textOf(value) : ''

/** What holds while the field is empty, as far as it may be shown. */
export function fallbackText({ source, value, default: fallback }: PluginSettingView): string {
  return textOf(source === 'config' ? value : fallback)
}

/** Only what differs. A secret that was not touched stays as it is. */
export function changesOf(
  settings: readonly PluginSettingView[],
  draft: Readonly<Record<string, string | null>>,
): SettingChanges {
  const changes: SettingChanges = {}
  for (const setting of settings) {
    const typed = draft[setting.key]
    if (typed === undefined || (!setting.secret && typed === savedText(setting))) continue
    // Somebody typed into a secret and took it back.
    if (setting.secret && typed === '') continue
    changes[setting.key] = typed === null ? null : valueOf(setting.type, typed)
  }
  return changes
}

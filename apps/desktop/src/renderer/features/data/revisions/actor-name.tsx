import { BotIcon, KeyRoundIcon, UserIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** Who changed a record; what is not known is shown as a system's doing. */
export function ActorName({ actor }: { actor: unknown }) {
  const { t } = useTranslation()
  const { kind, name, source, id } = (actor ?? {}) as {
    kind?: string
    name?: string
    source?: string
    id?: string
  }
  const [Icon, text] =
    kind === 'operator'
      ? [UserIcon, name ?? id]
      : kind === 'service'
        ? [BotIcon, t('record.byService', { source: sourceText(source ?? '') })]
        : [KeyRoundIcon, kind === 'apiKey' ? t('record.byKey', { id: (id ?? '').slice(-6) }) : '–']
  return (
    <span className="inline-flex min-w-0 items-center gap-1 align-bottom">
      <Icon className="size-3.5 shrink-0 text-muted-foreground" />
      <span className="truncate">{text}</span>
    </span>
  )
}

/** `release:1.2` as `1.2`, `debug:develop` as it is. Pure. */
export const sourceText = (source: string): string => source.replace(/^release:/, '')

import { RotateCwIcon, Trash2Icon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { ModelsOfKey } from './key-models.tsx'

export type ApiKey = Outputs['projects']['apiKeys']['list'][number]

interface KeyRowProps {
  apiKey: ApiKey
  onRenew: () => void
  onRevoke: () => void
}

/** One key: whose it is, what it may do, whether it is used, and until when it holds. */
export function KeyRow({ apiKey, onRenew, onRevoke }: KeyRowProps) {
  const { t } = useTranslation()
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <div className="grid min-w-0 flex-1 gap-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="min-w-0 font-medium break-words">{apiKey.name}</span>
          <code className="text-xs text-muted-foreground">{apiKey.hint}…</code>
        </p>
        <div className="flex flex-wrap items-center gap-1">
          {apiKey.scopes.map((scope) => (
            <Badge key={scope} variant="muted" className="h-5 font-mono">
              {scope}
            </Badge>
          ))}
          {apiKey.models ? <ModelsOfKey models={apiKey.models} /> : null}
        </div>
        <p className="flex flex-wrap gap-x-1.5 text-xs text-muted-foreground">
          <LastUsed at={apiKey.lastUsedAt} />
          <span aria-hidden>·</span>
          <Expiry at={apiKey.expiresAt} />
        </p>
      </div>
      <div className="flex shrink-0 items-center gap-1">
        <Button
          size="icon"
          variant="ghost"
          aria-label={t('apiKeys.renew', { name: apiKey.name })}
          title={t('apiKeys.renew', { name: apiKey.name })}
          onClick={onRenew}
        >
          <RotateCwIcon />
        </Button>
        <Button
          size="icon"
          variant="ghost"
          className="text-destructive"
          aria-label={t('settings.revokeKey', { name: apiKey.name })}
          title={t('settings.revokeKey', { name: apiKey.name })}
          onClick={onRevoke}
        >
          <Trash2Icon />
        </Button>
      </div>
    </li>
  )
}

function LastUsed({ at }: { at: string | null }) {
  const { t } = useTranslation()
  if (!at) return <span>{t('settings.neverUsed')}</span>
  return (
    <span>
      {t('settings.lastUsed')} <TimeAgo at={at} />
    </span>
  )
}

function Expiry({ at }: { at: string | null }) {
  const { t } = useTranslation()
  if (!at) return <span>{t('apiKeys.neverExpires')}</span>
  const isOver = Date.parse(at) <= Date.now()
  return (
    <span className={isOver ? 'text-destructive' : undefined}>
      {t(isOver ? 'apiKeys.expired' : 'apiKeys.expires')} <TimeAgo at={at} isAhead={!isOver} />
    </span>
  )
}
